import { describe, expect, test } from '@jest/globals';
import { auth, chatMessage, joinRoom, leaveRoom } from '../support/client-frames.js';
import { exchange, openSocket, upgradeRequest } from '../support/raw-http.js';
import {
  authSuccess,
  errorFrame,
  FAILED_TO_SEND,
  INVALID_FORMAT,
  messageSent,
  newMessage,
  roomJoined,
  roomLeft,
} from '../support/server-frames.js';
import { describeOwnServer, describeServer } from '../support/suite.js';
import { unique } from '../support/unique.js';

const MAX_FRAME_BYTES = 65_536;

describeServer('Connection', {}, (server) => {
  test.each(['/', '/ws', '/?from=test', '/ws?from=test&x=%20'])('CONN-1: %s upgrades', async (path) => {
    const user = await server.makeUser();
    const client = await server.connect({}, path);
    expect(await client.authenticate(user.token)).toEqual(authSuccess(user));
  });

  test.each(['/other', '/wsx', '/ws/more', '/WS', '/ws%2f', '/health/live'])(
    'CONN-1: an upgrade on %s is refused with a whole 404',
    async (path) => {
      const answer = await exchange(server.url, upgradeRequest(server.url, path));
      expect(answer).toMatchObject({ status: 404, isWhole: true, wasReset: false });
    },
  );

  test.each(['8', '12', '14'])('CONN-1: WebSocket version %s is refused with a whole 426', async (version) => {
    const answer = await exchange(server.url, upgradeRequest(server.url, '/', { 'Sec-WebSocket-Version': version }));
    expect(answer).toMatchObject({ status: 426, isWhole: true, wasReset: false });
    expect(answer.headers.get('sec-websocket-version')).toBe('13');
  });

  test('CONN-1: an upgrade without a key is answered with a whole HTTP error', async () => {
    const request = upgradeRequest(server.url, '/').replace(/Sec-WebSocket-Key: .*\r\n/, '');
    const answer = await exchange(server.url, request);
    expect(answer).toMatchObject({ isWhole: true, wasReset: false });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
  });

  test('CONN-2: a frame of exactly MAX_FRAME_BYTES is taken', async () => {
    const { client } = await server.guest();
    const roomSlug = unique('room');
    const bare = JSON.stringify({ ...joinRoom(roomSlug), padding: '' });
    client.send(JSON.stringify({ ...joinRoom(roomSlug), padding: 'x'.repeat(MAX_FRAME_BYTES - bare.length) }));
    expect(await client.next()).toEqual(roomJoined(roomSlug, 1));
  });

  test('CONN-2: a frame over MAX_FRAME_BYTES closes with 1009', async () => {
    const { client } = await server.guest();
    client.send(JSON.stringify({ type: 'pong', padding: 'x'.repeat(MAX_FRAME_BYTES) }));
    expect(await client.end()).toMatchObject({ code: 1009 });
    expect(client.takeAll()).toEqual([]);
  });

  test('CONN-2: unknown extra keys are ignored, also those of other protocols', async () => {
    const { client, user } = await server.guest();
    const roomSlug = unique('room');
    const extra = { timestamp: 'never', requestId: 'r1', after: 0, extra: { deep: [1] }, __proto__x: null };
    client.send({ ...auth(user.token), ...extra });
    client.send({ ...joinRoom(roomSlug), ...extra });
    client.send({ ...chatMessage(roomSlug, 'hello', 'm1'), ...extra });
    expect(await client.nextFew(4)).toEqual([
      authSuccess(user),
      roomJoined(roomSlug, 1),
      messageSent(roomSlug, 'm1'),
      newMessage(user, roomSlug, 'hello', 'm1'),
    ]);
    client.send({ ...leaveRoom(roomSlug), ...extra });
    expect(await client.next()).toEqual(roomLeft(roomSlug));
  });

  test('CONN-2: a key named __proto__ or constructor is just an unknown key', async () => {
    const { client } = await server.guest();
    const roomSlug = unique('room');
    client.send(
      `{"type":"join_room","roomSlug":"${roomSlug}","__proto__":{"type":"nope"},"constructor":{"prototype":1}}`,
    );
    expect(await client.next()).toEqual(roomJoined(roomSlug, 1));
  });

  describe('CONN-3: frames take effect in the order sent', () => {
    test('CONN-3: auth and join_room in one TCP segment', async () => {
      const user = await server.makeUser();
      const client = await server.connect();
      const roomSlug = unique('room');
      client.sendTogether(auth(user.token), joinRoom(roomSlug));
      expect(await client.nextFew(2)).toEqual([authSuccess(user), roomJoined(roomSlug, 1)]);
    });

    test('CONN-3: a session in one TCP segment', async () => {
      const user = await server.makeUser();
      const client = await server.connect();
      const [first, second] = [unique('room'), unique('room')];
      client.sendTogether(
        auth(user.token),
        joinRoom(first),
        joinRoom(second),
        'not json',
        leaveRoom(first),
        joinRoom(first),
        leaveRoom(second),
      );
      expect(await client.nextFew(7)).toEqual([
        authSuccess(user),
        roomJoined(first, 1),
        roomJoined(second, 1),
        errorFrame(INVALID_FORMAT),
        roomLeft(first),
        roomJoined(first, 1),
        roomLeft(second),
      ]);
    });

    test('CONN-3: 300 joins and leaves in one go are answered one by one', async () => {
      const { client } = await server.guest();
      const rooms = [unique('room'), unique('room'), unique('room')];
      const frames = Array.from({ length: 100 }, () => rooms.map((room) => [joinRoom(room), leaveRoom(room)])).flat(2);
      client.sendTogether(...frames);
      const answers = await client.nextFew(frames.length);
      expect(answers.map(({ type, roomSlug }) => [type, roomSlug])).toEqual(
        frames.map(({ type, roomSlug }) => [type === 'join_room' ? 'room_joined' : 'room_left', roomSlug]),
      );
    });

    test('CONN-3: a message counts before a leave behind it, not after', async () => {
      const { client, user } = await server.guest();
      const roomSlug = unique('room');
      client.sendTogether(
        joinRoom(roomSlug),
        chatMessage(roomSlug, 'still here', 'before'),
        leaveRoom(roomSlug),
        chatMessage(roomSlug, 'gone', 'after'),
      );
      await client.nextWhere('the ack', ({ type, messageId }) => type === 'message_sent' && messageId === 'before');
      const refusal = await client.nextOfType('error');
      expect(refusal).toMatchObject({ message: FAILED_TO_SEND, messageId: 'after' });
      expect((await server.history(roomSlug, await rejoined())).map(({ slug }) => slug)).toEqual(['before']);

      async function rejoined() {
        await client.join(roomSlug);
        return user;
      }
    });
  });

  describe('CONN-4: one bad client harms nobody', () => {
    test('CONN-4: an upgrade with "Host: a b" and a TCP reset, many times', async () => {
      const { ana } = await server.members(unique('room'), 'ana');
      for (let attempt = 0; attempt < 40; attempt += 1) {
        const path = attempt % 4 < 2 ? '/' : '/other';
        const socket = await openSocket(server.url);
        socket.on('error', () => undefined);
        const written = new Promise<void>((resolve) => {
          socket.write(upgradeRequest(server.url, path, { Host: 'a b' }), () => {
            resolve();
          });
        });
        await written;
        if (attempt % 2 === 0) socket.resetAndDestroy();
        else socket.once('data', () => socket.resetAndDestroy());
      }
      expect(await ana.client.barrier()).toEqual([]);
      expect((await server.get('/health/live')).status).toBe(200);
      expect(await (await server.guest()).client.barrier()).toEqual([]);
    });

    test.each([
      ['an unmasked frame', Buffer.from([0x81, 0x02, 0x7b, 0x7d])],
      ['a reserved opcode', Buffer.from([0x83, 0x80, 0, 0, 0, 0])],
      ['a ping of 126 bytes', Buffer.from([0x89, 0xfe, 0x00, 0x7e, 0, 0, 0, 0])],
      ['text that is not UTF-8', Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28])],
      ['a length of 2^63', Buffer.from([0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0])],
      ['a close frame of one byte', Buffer.from([0x88, 0x81, 0, 0, 0, 0, 0x03])],
      ['a close frame with code 1005', Buffer.from([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xed])],
    ])('CONN-4: %s ends that connection only', async (_what, bytes) => {
      const roomSlug = unique('room');
      const { ana, bad } = await server.members(roomSlug, 'ana', 'bad');
      bad.client.writeRaw(bytes);
      const { code } = await bad.client.end();
      expect([1002, 1005, 1006, 1007, 1009]).toContain(code);
      await ana.client.say(roomSlug, 'all is well');
    });

    test('CONN-4: a reset in the middle of a frame harms nobody', async () => {
      const roomSlug = unique('room');
      const { ana, bad } = await server.members(roomSlug, 'ana', 'bad');
      bad.client.writeRaw(Buffer.from([0x81, 0xfe, 0x40, 0x00, 1, 2, 3, 4, 5]));
      bad.client.reset();
      await bad.client.end();
      await ana.client.say(roomSlug, 'all is well');
    });

    test.each([
      ['as the frame', (nested: string) => nested],
      ['as the type', (nested: string) => `{"type":${nested}}`],
      ['as the roomSlug', (nested: string) => `{"type":"join_room","roomSlug":${nested}}`],
      ['as the message', (nested: string) => `{"type":"chat_message","roomSlug":"room","message":${nested}}`],
      ['as the token', (nested: string) => `{"type":"auth","token":${nested}}`],
    ])('CONN-4: 30,000 nested arrays %s are just a malformed frame', async (_where, frameOf) => {
      const { client } = await server.guest();
      client.send(frameOf('['.repeat(30_000) + ']'.repeat(30_000)));
      expect(await client.next()).toEqual(errorFrame(INVALID_FORMAT));
      expect(await client.barrier()).toEqual([]);
    });

    test('CONN-4: 30,000 nested arrays under an unknown key are ignored', async () => {
      const { client } = await server.guest();
      const roomSlug = unique('room');
      const nested = '['.repeat(30_000) + ']'.repeat(30_000);
      client.send(`{"type":"join_room","roomSlug":"${roomSlug}","extra":${nested}}`);
      expect(await client.next()).toEqual(roomJoined(roomSlug, 1));
    });
  });
});

const ALLOWED = 'https://app.example';

describeOwnServer(
  'Connection with ALLOWED_ORIGINS',
  { environment: { ALLOWED_ORIGINS: `${ALLOWED},http://second.example:8080` }, on: 'one' },
  (server) => {
    test.each([ALLOWED, 'http://second.example:8080'])('CONN-1: a page of %s may connect', async (origin) => {
      const client = await server.connect({ origin });
      expect(client.isOpen).toBe(true);
    });

    test('CONN-1: a client without an Origin may connect', async () => {
      expect((await server.connect()).isOpen).toBe(true);
    });

    test.each([
      'https://evil.example',
      'http://app.example',
      'https://app.example:8443',
      'https://app.example.evil.example',
      'https://sub.app.example',
      'https://app.example/',
      'null',
    ])('CONN-1: an Origin off the list, %s, is refused with a whole 403', async (origin) => {
      const answer = await exchange(server.url, upgradeRequest(server.url, '/ws', { Origin: origin }));
      expect(answer).toMatchObject({ status: 403, isWhole: true, wasReset: false });
    });
  },
);

describeOwnServer('Connection in production', { environment: { NODE_ENV: 'production' }, on: 'one' }, (server) => {
  test("CONN-1: without ALLOWED_ORIGINS the page's own origin may connect, no other", async () => {
    expect((await server.connect({ origin: server.url })).isOpen).toBe(true);
    const answer = await exchange(server.url, upgradeRequest(server.url, '/', { Origin: 'https://evil.example' }));
    expect(answer).toMatchObject({ status: 403, isWhole: true, wasReset: false });
  });
});
