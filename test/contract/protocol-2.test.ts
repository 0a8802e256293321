import { expect, test } from '@jest/globals';
import { auth, auth2, chatMessage, history, joinRoom, leaveRoom, resumeRoom } from '../support/client-frames.js';
import {
  authError,
  authSuccess,
  authSuccess2,
  chatRefused,
  errorFrame,
  FAILED_TO_SEND,
  INVALID_FORMAT,
  messageSent,
  newMessage,
  RATE_LIMITED,
  refusal,
  ROOM_FORBIDDEN,
  roomJoined,
  roomJoined2,
  roomLeft,
} from '../support/server-frames.js';
import { describeOwnServer, describeServer, testWithLiveRows } from '../support/suite.js';
import { insertMember, insertRoom } from '../support/rows.js';
import { unique } from '../support/unique.js';
import { messageIdOf } from '../support/ws-client.js';

const named = (frame: object, requestId: unknown) => ({ ...frame, requestId });
const sendRefusal = (code: string, messageId: string, more: object = {}) => ({
  ...refusal(code, FAILED_TO_SEND, more),
  messageId,
});

describeServer('Protocol 2', {}, (server) => {
  async function guest2() {
    const user = await server.makeUser();
    return { user, client: await server.connect2(user) };
  }

  test('V2-1: auth with protocol 2 is told more; a later auth changes nothing about it', async () => {
    const user = await server.makeUser();
    const client = await server.connect();
    client.sendTogether(auth2(user.token), auth(user.token), { ...auth(user.token), protocol: 1 });
    const answers = await client.nextFew(3);
    expect(answers).toEqual(Array.from({ length: 3 }, () => authSuccess2(user)));
    expect(new Set(answers.map(({ connectionId }) => connectionId)).size).toBe(1);
    const other = await server.connect();
    other.send(auth2(user.token));
    expect((await other.next())['connectionId']).not.toBe(answers[0]!['connectionId']);
  });

  test('V2-1: a v1 connection may ask for it later', async () => {
    const { user, client } = await server.guest();
    client.send(auth2(user.token));
    expect(await client.next()).toEqual(authSuccess2(user));
  });

  test('V2-1: a protocol that is not known yet is answered with the newest that is', async () => {
    const user = await server.makeUser();
    const client = await server.connect();
    client.send({ ...auth(user.token), protocol: 3 });
    expect(await client.next()).toEqual(authSuccess2(user));
  });

  test.each(['2', 0, -1, 1.5, null, true, [2]])('CONN-2: %j is no protocol', async (protocol) => {
    const user = await server.makeUser();
    const client = await server.connect();
    client.send({ ...auth(user.token), protocol });
    expect(await client.next()).toEqual(errorFrame(INVALID_FORMAT));
  });

  test('without it a connection is v1: requestId, after and history do not exist', async () => {
    const roomSlug = unique('room');
    const user = await server.makeUser();
    const client = await server.connect();
    client.sendTogether(
      named(auth(user.token), 'a'),
      { ...named(joinRoom(roomSlug), ''), after: 'x' },
      named(chatMessage(roomSlug, 'text', 'm1'), 'b'),
    );
    expect(await client.nextFew(4)).toEqual([
      authSuccess(user),
      roomJoined(roomSlug, 1),
      messageSent(roomSlug, 'm1'),
      newMessage(user, roomSlug, 'text', 'm1'),
    ]);
    client.sendTogether(history(roomSlug), named(chatMessage(roomSlug, ' ', 'm2'), 'c'), named({ type: 'x' }, 'd'));
    expect(await client.nextFew(3)).toEqual([
      errorFrame(INVALID_FORMAT),
      chatRefused('m2'),
      errorFrame(INVALID_FORMAT),
    ]);
  });

  test('v1 and v2 clients share a room: new_message is the same for both', async () => {
    const roomSlug = unique('room');
    const { ana } = await server.members(roomSlug, 'ana');
    const { client } = await guest2();
    await client.join(roomSlug);
    await ana.client.nextOfType('user_joined');
    const [, own] = await ana.client.say(roomSlug, 'for both');
    expect(await client.next()).toEqual(own);
  });

  test('V2-2: every direct answer gives the requestId back', async () => {
    const roomSlug = unique('room');
    const user = await server.makeUser();
    const client = await server.connect();
    client.sendTogether(
      named(auth2(user.token), 'r-auth'),
      named(joinRoom(roomSlug), 'r-join'),
      named(resumeRoom(roomSlug, 0), 'r-resume'),
      named(history(roomSlug), 'r-history'),
    );
    expect(await client.nextFew(4)).toEqual([
      named(authSuccess2(user), 'r-auth'),
      named(roomJoined2(roomSlug, 1, 0, false), 'r-join'),
      named(roomJoined2(roomSlug, 1, 0, true), 'r-resume'),
      named({ type: 'history', roomSlug, messages: [], hasMore: false }, 'r-history'),
    ]);
    client.send(named(chatMessage(roomSlug, 'text', 'm1'), '¡"chat"\\!'));
    expect(await client.nextFew(2)).toEqual([
      named(messageSent(roomSlug, 'm1'), '¡"chat"\\!'),
      newMessage(user, roomSlug, 'text', 'm1'),
    ]);
    client.send(named(chatMessage(roomSlug, 'text', 'm1'), 'r-again'));
    expect(await client.next()).toEqual(named(messageSent(roomSlug, 'm1'), 'r-again'));
    client.sendTogether(named(leaveRoom(roomSlug), 'r-leave'), named(chatMessage(roomSlug, 'text', 'm1'), 'r-after'));
    expect(await client.nextFew(2)).toEqual([
      named(roomLeft(roomSlug), 'r-leave'),
      named(messageSent(roomSlug, 'm1'), 'r-after'),
    ]);
  });

  test('V2-2, V2-3: so does every refusal, with its code', async () => {
    const roomSlug = unique('room');
    const { client } = await guest2();
    const { user: stranger } = await server.guest();
    await client.join(roomSlug);
    await client.say(roomSlug, 'text', 'm1');
    const cases: [frame: object, answer: object][] = [
      [{ type: 'nonsense' }, refusal('invalid_format', INVALID_FORMAT)],
      [{ type: 'join_room' }, refusal('invalid_format', INVALID_FORMAT)],
      [{ ...joinRoom(roomSlug), after: -1 }, refusal('invalid_format', INVALID_FORMAT)],
      [auth2(stranger.token), refusal('already_authenticated', 'Already authenticated')],
      [history(unique('no-room')), refusal('room_forbidden', ROOM_FORBIDDEN)],
      [chatMessage(unique('elsewhere'), 'text', 'm2'), sendRefusal('not_in_room', 'm2')],
      [chatMessage(roomSlug, ' \u0000 ', 'm2'), sendRefusal('message_empty', 'm2')],
      [chatMessage(roomSlug, 'x'.repeat(4_001), 'm2'), sendRefusal('message_too_long', 'm2')],
      [chatMessage(roomSlug, 'another text', 'm1'), sendRefusal('message_conflict', 'm1')],
    ];
    for (const [frame, answer] of cases) {
      client.send(named(frame, 'r1'));
      expect(await client.next()).toEqual(named(answer, 'r1'));
    }
    await client.leave(roomSlug);
    client.send(chatMessage(roomSlug, 'another text', 'm1'));
    expect(await client.next()).toEqual(sendRefusal('message_conflict', 'm1'));
    client.send(named(auth2('no token'), 'r2'));
    expect(await client.next()).toEqual(named(authError(), 'r2'));
    expect(await client.end()).toMatchObject({ code: 4401 });
  });

  test.each(['', 'x'.repeat(65), 'a\nb', '\u202e', 7, null, {}])('V2-2: %j is no requestId', async (requestId) => {
    const { user, client } = await guest2();
    client.sendTogether(named(joinRoom(unique('room')), requestId), named(auth2(user.token), requestId));
    expect(await client.nextFew(2)).toEqual(Array.from({ length: 2 }, () => refusal('invalid_format', INVALID_FORMAT)));
    const fresh = await server.connect();
    fresh.send(named(auth2(user.token), requestId));
    expect(await fresh.next()).toEqual(errorFrame(INVALID_FORMAT));
  });

  test('V2-2: 64 printable characters are one', async () => {
    const roomSlug = unique('room');
    const { client } = await guest2();
    const requestId = '🎉 '.repeat(32);
    client.send(named(joinRoom(roomSlug), requestId));
    expect(await client.next()).toEqual(named(roomJoined2(roomSlug, 1, 0, false), requestId));
  });

  test('V2-2: pipelined, each answer has its own', async () => {
    const roomSlug = unique('room');
    const { client } = await guest2();
    await client.join(roomSlug);
    const ids = Array.from({ length: 100 }, (_, index) => `m${index}`);
    client.sendTogether(...ids.map((id) => named(chatMessage(roomSlug, 'text', id), `r-${id}`)));
    const frames = await client.nextFew(2 * ids.length);
    const sent = frames.filter(({ type }) => type === 'message_sent');
    expect(sent.map(({ messageId, requestId }) => [messageId, requestId])).toEqual(ids.map((id) => [id, `r-${id}`]));
    expect(frames.map(messageIdOf).filter(Boolean)).toEqual(ids);
  });
});

describeServer('Protocol 2 among closed rooms', { needs: ['rows'] }, (server) => {
  testWithLiveRows(server)('V2-3: a closed room and a mute have their codes', async () => {
    const [closed, quiet] = [unique('closed'), unique('quiet')];
    const user = await server.makeUser();
    await server.arrange(async (sql) => {
      await insertRoom(sql, closed, 'private');
      await insertRoom(sql, quiet, 'public');
      await insertMember(sql, quiet, user, { isMuted: true });
    });
    const client = await server.connect2(user);
    client.sendTogether(joinRoom(closed), joinRoom(quiet), chatMessage(quiet, 'text', 'm1'));
    expect(await client.nextFew(3)).toEqual([
      refusal('room_forbidden', ROOM_FORBIDDEN),
      roomJoined2(quiet, 1, 0, false),
      sendRefusal('muted', 'm1'),
    ]);
  });
});

describeOwnServer(
  'Protocol 2 and the rate limit',
  {
    environment: {
      RATE_LIMIT_PER_SECOND: '1',
      RATE_LIMIT_BURST: '5',
      MAX_ROOMS_PER_CONNECTION: '1',
      DEMO_LOGIN: 'true',
    },
    on: 'one',
  },
  (server) => {
    test('V2-3: over the limit it says when there is a token again; too many rooms', async () => {
      const client = await server.connect2(await server.makeUser());
      client.sendTogether(joinRoom(unique('room')), joinRoom(unique('room')));
      expect((await client.nextFew(2))[1]).toEqual(refusal('too_many_rooms', 'Too many rooms'));
      const frames = Array.from({ length: 6 }, (_, index) => chatMessage('elsewhere', 'text', `m${index}`));
      client.sendTogether(...frames.map((frame, index) => named(frame, `r${index}`)));
      const limited = await client.nextWhere('a refusal', ({ code }) => code === 'rate_limited');
      expect(limited).toEqual({
        ...refusal('rate_limited', RATE_LIMITED),
        messageId: expect.any(String),
        requestId: expect.any(String),
        retryAfterMs: expect.any(Number),
      });
      expect(Number(limited['retryAfterMs'])).toBeGreaterThan(0);
      expect(Number(limited['retryAfterMs'])).toBeLessThanOrEqual(1_000);
    });
  },
);
