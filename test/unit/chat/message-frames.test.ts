import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { MessageTexts } from '../../../src/chat/message-frames.js';
import { messageView } from '../../../src/chat/message-views.js';
import type { PendingMessage } from '../../../src/chat/pending-message.js';
import type { MessageSent, NewMessage } from '../../../src/protocol/index.js';

const anyText = fc.oneof(fc.string(), fc.string({ unit: 'binary' }));

const anyDate = fc.date({ noInvalidDate: true });

const pending = fc.record({
  user: fc.record({ id: fc.nat(), username: anyText }),
  room: fc.record({ slug: fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,63}$/) }),
  slug: anyText,
  text: anyText,
}) as fc.Arbitrary<unknown> as fc.Arbitrary<PendingMessage>;

describe('CHAT-2: the hot frames', () => {
  test('new_message is what JSON.stringify makes of its type, and of a row of the history', () => {
    fc.assert(
      fc.property(pending, fc.nat(), anyDate, (message, id, createdAt) => {
        const stored = { id, userId: message.user.id, slug: message.slug, messageType: 'TEXT', createdAt };
        const frame: NewMessage = {
          type: 'new_message',
          data: messageView({ ...stored, message: message.text }, message.room.slug, message.user.username),
          roomSlug: message.room.slug,
          timestamp: createdAt.getTime(),
        };
        expect(new MessageTexts(message.room, createdAt).newMessage(message, id)).toBe(JSON.stringify(frame));
      }),
    );
  });

  test('message_sent is what JSON.stringify makes of its type', () => {
    fc.assert(
      fc.property(pending, anyDate, (message, createdAt) => {
        const { slug: messageId, room } = message;
        const timestamp = createdAt.getTime();
        const frame: MessageSent = { type: 'message_sent', messageId, timestamp, roomSlug: room.slug };
        expect(new MessageTexts(room, createdAt).messageSent(message)).toBe(JSON.stringify(frame));
      }),
    );
  });
});
