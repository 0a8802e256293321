import { expect, test } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { joinRoom, leaveRoom, pong } from '../support/client-frames.js';
import { errorFrame, NOT_AUTHENTICATED, userLeft } from '../support/server-frames.js';
import { describeOwnServer } from '../support/suite.js';
import { unique } from '../support/unique.js';
import type { TestClient } from '../support/ws-client.js';

const INTERVAL_MS = 200;
const TIMEOUT_MS = 1_200;
/** So many heartbeats are longer than the timeout, twice. */
const TWICE_THE_TIMEOUT = Math.ceil((2 * TIMEOUT_MS) / INTERVAL_MS);

const environment = {
  HEARTBEAT_INTERVAL_MS: String(INTERVAL_MS),
  HEARTBEAT_TIMEOUT_MS: String(TIMEOUT_MS),
  PRESENCE_GRACE_MS: '0',
};

describeOwnServer('Heartbeat', { environment, on: 'one' }, (server) => {
  async function outlivesTheTimeout(client: TestClient): Promise<void> {
    const goal = client.jsonPings.length + TWICE_THE_TIMEOUT;
    await client.until(`${TWICE_THE_TIMEOUT} more heartbeats`, () => client.jsonPings.length >= goal, 30_000);
    expect(client.isOpen).toBe(true);
  }

  test('BEAT-1: every connection is sent native pings and JSON pings, before auth too', async () => {
    const unauthenticated = await server.connect();
    const { client } = await server.guest();
    for (const connection of [unauthenticated, client]) {
      await connection.until('two of each', () => connection.nativePings >= 2 && connection.jsonPings.length >= 2);
      expect(connection.jsonPings.slice(0, 2)).toEqual([{ type: 'ping' }, { type: 'ping' }]);
    }
  });

  test('BEAT-2: native pongs alone keep a connection', async () => {
    const { client } = await server.guest();
    await outlivesTheTimeout(client);
  });

  test.each<[string, (client: TestClient) => void]>([
    ['JSON pongs', (client) => client.send(pong())],
    ['other frames', (client) => client.send(leaveRoom('a-room'))],
    ['malformed frames', (client) => client.send('nonsense')],
  ])('BEAT-2: %s alone keep a connection that sends no native pong', async (_what, sign) => {
    const client = await server.connectAs(await server.makeUser(), { autoPong: false });
    const signs = setInterval(() => {
      sign(client);
    }, INTERVAL_MS);
    try {
      await outlivesTheTimeout(client);
    } finally {
      clearInterval(signs);
    }
  });

  test('BEAT-2: a connection without a sign of life is terminated, and the room is told', async () => {
    const roomSlug = unique('room');
    const { ana } = await server.members(roomSlug, 'ana');
    const mute = await server.makeUser('mute');
    const client = await server.connectAs(mute, { autoPong: false });
    await client.join(roomSlug);
    await ana.client.nextOfType('user_joined');
    expect(await client.end()).toMatchObject({ code: 1006 });
    expect(await ana.client.next()).toEqual(userLeft(mute, roomSlug));
  });

  test('BEAT-2: an unauthenticated connection without a sign of life is terminated, too', async () => {
    const client = await server.connect({ autoPong: false });
    expect(await client.end()).toMatchObject({ code: 1006 });
  });

  test('BEAT-2: a server that was itself stalled does not count its silence against its clients', async () => {
    const roomSlug = unique('room');
    const { ana, bob } = await server.members(roomSlug, 'ana', 'bob');
    server.process.signal('SIGSTOP');
    // The fault itself: longer than the timeout.
    await pause(2 * TIMEOUT_MS);
    server.process.signal('SIGCONT');
    await outlivesTheTimeout(ana.client);
    expect(bob.client.isOpen).toBe(true);
    expect(await ana.client.barrier()).toEqual([]);
  });

  test('BEAT-3: pong gets no answer', async () => {
    const { client } = await server.guest();
    client.sendTogether(pong(), pong(), { ...pong(), timestamp: 1 });
    expect(await client.barrier()).toEqual([]);
  });

  test('BEAT-3: pong gets no answer before auth', async () => {
    const client = await server.connect();
    client.sendTogether(pong(), joinRoom('a-room'));
    expect(await client.next()).toEqual(errorFrame(NOT_AUTHENTICATED));
  });
});
