import { describe, expect, test } from '@jest/globals';
import { chatMessage } from '../support/client-frames.js';
import { textLike } from '../support/matchers.js';
import { insertMember, insertRoom } from '../support/rows.js';
import {
  chatRefused,
  errorFrame,
  FAILED_TO_SEND,
  INVALID_FORMAT,
  messageSent,
  newMessage,
} from '../support/server-frames.js';
import { describeServer } from '../support/suite.js';
import { unique } from '../support/unique.js';
import { dataOf, messageIdOf } from '../support/ws-client.js';

const MAX_MESSAGE_LENGTH = 4_000;

describeServer('Chat', {}, (server) => {
  test('CHAT-1, CHAT-2: a message is acknowledged to its sender first, then sent to all members', async () => {
    const roomSlug = unique('room');
    const { ana, bob } = await server.members(roomSlug, 'ana', 'bob');
    ana.client.send(chatMessage(roomSlug, 'Hello everyone!', 'msg_1729238400_123'));
    const broadcast = newMessage(ana.user, roomSlug, 'Hello everyone!', 'msg_1729238400_123');
    expect(await ana.client.nextFew(2)).toEqual([messageSent(roomSlug, 'msg_1729238400_123'), broadcast]);
    expect(await bob.client.next()).toEqual(broadcast);
    expect(await ana.client.barrier()).toEqual([]);
    expect(await bob.client.barrier()).toEqual([]);
  });

  test('CHAT-1: every connection of a member gets the broadcast, only the sending one the acknowledgement', async () => {
    const roomSlug = unique('room');
    const { ana } = await server.members(roomSlug, 'ana');
    const second = await server.connectAs(ana.user);
    await second.join(roomSlug);
    const elsewhere = await server.connectAs(ana.user);
    const [, own] = await ana.client.say(roomSlug, 'from the first');
    expect(await second.next()).toEqual(own);
    expect(await second.barrier()).toEqual([]);
    expect(await elsewhere.barrier()).toEqual([]);
  });

  test('CHAT-1: acknowledged means stored', async () => {
    const roomSlug = unique('room');
    const { ana } = await server.members(roomSlug, 'ana');
    for (const messageId of ['first', 'second', 'third']) {
      ana.client.send(chatMessage(roomSlug, `the ${messageId}`, messageId));
      await ana.client.nextOfType('message_sent');
      expect((await server.history(roomSlug, ana.user)).at(-1)).toMatchObject({
        slug: messageId,
        message: `the ${messageId}`,
      });
    }
  });

  test('CHAT-2: the stored message is the one that was sent', async () => {
    const roomSlug = unique('room');
    const { ana } = await server.members(roomSlug, 'ana');
    const [, own] = await ana.client.say(roomSlug, 'Ünïcödé 👋');
    expect(await server.history(roomSlug, ana.user)).toMatchObject([dataOf(own)]);
  });

  test('CHAT-2: ids rise within a room', async () => {
    const roomSlug = unique('room');
    const { ana, bob } = await server.members(roomSlug, 'ana', 'bob');
    const ids: number[] = [];
    for (const { client } of [ana, bob, bob, ana, bob]) {
      const [, own] = await client.say(roomSlug, 'next');
      ids.push(Number(dataOf(own)['id']));
    }
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
  });

  test('CHAT-1: only members of that room get it', async () => {
    const roomSlug = unique('room');
    const { ana } = await server.members(roomSlug, 'ana');
    const { bob } = await server.members(unique('room'), 'bob');
    await ana.client.say(roomSlug, 'not for bob');
    expect(await bob.client.barrier()).toEqual([]);
  });

  test('CHAT-1, CONN-3: a message sent just before a clean close counts', async () => {
    const roomSlug = unique('room');
    const { ana, bob } = await server.members(roomSlug, 'ana', 'bob');
    ana.client.send(chatMessage(roomSlug, 'goodbye', 'm1'));
    await ana.client.close(1000);
    expect(await bob.client.nextOfType('new_message')).toEqual(newMessage(ana.user, roomSlug, 'goodbye', 'm1'));
    expect((await server.history(roomSlug, bob.user)).map(({ slug }) => slug)).toEqual(['m1']);
  });

  describe('CHAT-3: messageId', () => {
    test('CHAT-3: without one the server makes it, and both frames carry it', async () => {
      const roomSlug = unique('room');
      const { ana } = await server.members(roomSlug, 'ana');
      const made = textLike(new RegExp(`^msg_\\d{10}_${ana.user.id}`));
      ana.client.sendTogether(
        chatMessage(roomSlug, 'one'),
        chatMessage(roomSlug, 'two'),
        chatMessage(roomSlug, 'three'),
      );
      const sent: unknown[] = [];
      const seen: unknown[] = [];
      for (let index = 0; index < 3; index += 1) {
        const acknowledgement = await ana.client.nextOfType('message_sent');
        expect(acknowledgement).toEqual(messageSent(roomSlug, made));
        sent.push(acknowledgement['messageId']);
        seen.push(messageIdOf(await ana.client.nextOfType('new_message')));
      }
      expect(seen).toEqual(sent);
      expect(new Set(sent).size).toBe(3);
    });

    test.each([['x'], ['x'.repeat(128)], ['with space'], ['!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'], ['ñandú-é']])(
      'CHAT-3: %j is a messageId',
      async (messageId) => {
        const roomSlug = unique('room');
        const { ana } = await server.members(roomSlug, 'ana');
        ana.client.send(chatMessage(roomSlug, 'hello', messageId));
        expect(await ana.client.nextFew(2)).toEqual([
          messageSent(roomSlug, messageId),
          newMessage(ana.user, roomSlug, 'hello', messageId),
        ]);
      },
    );

    test.each([
      ['empty', ''],
      ['of 129 characters', 'x'.repeat(129)],
      ['with a line break', 'a\nb'],
      ['with a tab', 'a\tb'],
      ['with a NUL', 'a\u0000b'],
      ['with DEL', 'a\u007fb'],
      ['with a C1 control', 'a\u0085b'],
      ['with a lone surrogate', 'a\ud800b'],
    ])(
      'CHAT-3: a messageId %s is answered "Invalid message format", and nothing is stored',
      async (_what, messageId) => {
        const roomSlug = unique('room');
        const { ana, bob } = await server.members(roomSlug, 'ana', 'bob');
        ana.client.send(chatMessage(roomSlug, 'hello', messageId));
        expect(await ana.client.next()).toEqual(errorFrame(INVALID_FORMAT));
        await ana.client.say(roomSlug, 'good', 'good');
        expect(messageIdOf(await bob.client.next())).toBe('good');
        expect((await server.history(roomSlug, ana.user)).map(({ slug }) => slug)).toEqual(['good']);
      },
    );
  });

  describe('CHAT-6: what is refused is never stored and never seen', () => {
    test.each([
      ['empty', ''],
      ['only white space', ' \n\t \u00a0\u2003 '],
      ['only control characters', '\u0000\u0007\u0085\u009f'],
      ['only bidi overrides', '\u202e\u202d'],
      ['of 4,001 characters', 'x'.repeat(MAX_MESSAGE_LENGTH + 1)],
      ['of 4,001 characters beyond 16 bits', '💃'.repeat(MAX_MESSAGE_LENGTH + 1)],
    ])('CHAT-6: a message %s', async (_what, message) => {
      const roomSlug = unique('room');
      const { ana, bob } = await server.members(roomSlug, 'ana', 'bob');
      ana.client.send(chatMessage(roomSlug, message, 'refused'));
      expect(await ana.client.next()).toEqual(chatRefused('refused'));
      await ana.client.say(roomSlug, 'good', 'good');
      expect(messageIdOf(await bob.client.next())).toBe('good');
      expect((await server.history(roomSlug, ana.user)).map(({ slug }) => slug)).toEqual(['good']);
    });

    test('CHAT-6: a refused messageId is free for another try', async () => {
      const roomSlug = unique('room');
      const { ana } = await server.members(roomSlug, 'ana');
      ana.client.send(chatMessage(roomSlug, ' ', 'again'));
      expect(await ana.client.next()).toEqual(chatRefused('again'));
      await ana.client.say(roomSlug, 'now with text', 'again');
    });

    test('CHAT-6: a refused message without messageId', async () => {
      const roomSlug = unique('room');
      const { ana } = await server.members(roomSlug, 'ana');
      ana.client.send(chatMessage(roomSlug, ''));
      expect(await ana.client.next()).toMatchObject({ type: 'error', message: FAILED_TO_SEND });
    });

    test('CHAT-6: a message to a room that the user never joined, or left', async () => {
      const roomSlug = unique('room');
      const { ana, bob } = await server.members(roomSlug, 'ana', 'bob');
      const { stranger } = await server.guests('stranger');
      stranger.client.send(chatMessage(roomSlug, 'never joined', 'stranger'));
      expect(await stranger.client.next()).toEqual(chatRefused('stranger'));
      await bob.client.leave(roomSlug);
      bob.client.send(chatMessage(roomSlug, 'left', 'left'));
      bob.client.send(chatMessage(unique('no-such-room'), 'nowhere', 'nowhere'));
      expect(await bob.client.nextFew(2)).toEqual([chatRefused('left'), chatRefused('nowhere')]);
      await ana.client.nextOfType('user_left');
      await ana.client.say(roomSlug, 'good', 'good');
      expect(await ana.client.barrier()).toEqual([]);
      expect((await server.history(roomSlug, ana.user)).map(({ slug }) => slug)).toEqual(['good']);
    });
  });

  test.each([
    ['characters', 'x'.repeat(MAX_MESSAGE_LENGTH)],
    ['characters beyond 16 bits', '💃'.repeat(MAX_MESSAGE_LENGTH)],
  ])('CHAT-6: exactly 4,000 %s are a message', async (_what, message) => {
    const roomSlug = unique('room');
    const { ana } = await server.members(roomSlug, 'ana');
    const [, own] = await ana.client.say(roomSlug, message, 'long');
    expect(own).toEqual(newMessage(ana.user, roomSlug, message, 'long'));
  });

  test('CHAT-6: the length counts after cleaning', async () => {
    const roomSlug = unique('room');
    const { ana } = await server.members(roomSlug, 'ana');
    const message = 'x'.repeat(MAX_MESSAGE_LENGTH);
    const [, own] = await ana.client.say(roomSlug, `  \u0000\u0007${message}\u202e \n`, 'long');
    expect(own).toEqual(newMessage(ana.user, roomSlug, message, 'long'));
  });
});

describeServer('Muted members', { needs: ['rows'] }, (server) => {
  test('CHAT-6: a muted member is refused, hears the others, and speaks again when the time is over', async () => {
    const roomSlug = unique('private');
    const [ana, bob, formerly] = [await server.makeUser(), await server.makeUser(), await server.makeUser()];
    await server.arrange(async (sql) => {
      await insertRoom(sql, roomSlug, 'private');
      await insertMember(sql, roomSlug, ana);
      await insertMember(sql, roomSlug, bob, { isMuted: true });
      await insertMember(sql, roomSlug, formerly);
      await sql(`UPDATE room_members SET muted_until = now() - interval '1 minute' WHERE user_id = $1`, [formerly.id]);
    });
    const speaker = await server.connectAs(ana);
    const muted = await server.connectAs(bob);
    await muted.join(roomSlug);
    await speaker.join(roomSlug);
    muted.takeAll();
    muted.send(chatMessage(roomSlug, 'may I?', 'muted'));
    expect(await muted.nextOfType('error')).toEqual(chatRefused('muted'));
    const [, own] = await speaker.say(roomSlug, 'listen');
    expect(await muted.nextOfType('new_message')).toEqual(own);
    expect(await speaker.barrier()).toEqual([]);
    const unmuted = await server.connectAs(formerly);
    await unmuted.join(roomSlug);
    await unmuted.say(roomSlug, 'here I am again');
  });
});
