import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { messageSentText, newMessageText } from '../../../src/chat/message-frames.js';
import { messageView } from '../../../src/chat/message-views.js';
import type { PendingMessage } from '../../../src/chat/pending-message.js';
import type { MessageSent, NewMessage } from '../../../src/protocol/index.js';

const anyText = fc.oneof(fc.string(), fc.string({ unit: 'binary' }));

const pending = fc.record({
  user: fc.record({ id: fc.nat(), username: anyText }),
  room: fc.record({ slug: fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,63}$/) }),
  slug: anyText,
  text: anyText,
}) as fc.Arbitrary<unknown> as fc.Arbitrary<PendingMessage>;

describe('CHAT-2: the hot frames', () => {
  test('new_message is what JSON.stringify makes of its type, and of a row of the history', () => {
    fc.assert(
      fc.property(pending, fc.nat(), fc.date({ noInvalidDate: true }), (message, id, createdAt) => {
        const time = { iso: createdAt.toISOString(), milliseconds: createdAt.getTime() };
        const stored = { id, userId: message.user.id, slug: message.slug, messageType: 'TEXT', createdAt };
        const frame: NewMessage = {
          type: 'new_message',
          data: messageView({ ...stored, message: message.text }, message.room.slug, message.user.username),
          roomSlug: message.room.slug,
          timestamp: time.milliseconds,
        };
        expect(newMessageText(message, id, time)).toBe(JSON.stringify(frame));
      }),
    );
  });

  test('message_sent is what JSON.stringify makes of its type', () => {
    fc.assert(
      fc.property(pending, fc.nat(), (message, timestamp) => {
        const { slug: messageId, room } = message;
        const frame: MessageSent = { type: 'message_sent', messageId, timestamp, roomSlug: room.slug };
        expect(messageSentText(message, timestamp)).toBe(JSON.stringify(frame));
      }),
    );
  });
});
