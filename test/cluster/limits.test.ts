import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import { auth, chatMessage, joinRoom } from '../support/client-frames.js';
import { unique } from '../support/unique.js';
import { eventually } from '../support/waiting.js';
import { TestClient } from '../support/ws-client.js';
import { describeNodes } from './nodes.js';

const BURST = 30;
const CONNECTIONS = 5;
const LIMITS = {
  RATE_LIMIT_PER_SECOND: '1',
  RATE_LIMIT_BURST: String(BURST),
  MAX_CONNECTIONS_PER_USER: String(CONNECTIONS),
};

function count(client: TestClient, isWanted: (frame: { type: string; message?: unknown }) => boolean): number {
  return client.received.filter(isWanted).length;
}

const answers = (client: TestClient) =>
  count(client, ({ type, message }) => type === 'message_sent' || message === 'Rate limit exceeded');
const stored = (client: TestClient) => count(client, ({ type }) => type === 'message_sent');

describeNodes('Limits of a user on two nodes', LIMITS, (server) => {
  afterEach(async () => {
    await server.sendEveryoneHome();
    if (server.process.hasEnded) await server.launch();
  });

  async function send(client: TestClient, roomSlug: string, messages: number): Promise<void> {
    const before = answers(client);
    client.sendTogether(...Array.from({ length: messages }, () => chatMessage(roomSlug, 'hello', unique('m'))));
    await eventually('All are answered', () => answers(client) === before + messages || undefined);
  }

  test('LIMIT-1: what is spent on one node is spent on both, and once', async () => {
    const roomSlug = unique('room');
    const ana = await server.makeUser('ana');
    const [a, b] = [await server.connectTo(0, ana), await server.connectTo(1, ana)];
    await a.join(roomSlug);
    await b.join(roomSlug);
    await send(a, roomSlug, 20);
    await send(b, roomSlug, 20);
    expect(stored(a) + stored(b)).toBeLessThan(BURST + 10);
    await a.close();
    await b.close();
    // At one token a second, a bucket that is empty lets her in soon; one from which all was taken twice does not.
    const again = await server.connectTo(0, ana);
    await eventually('She is let in', async () => {
      again.send(joinRoom(roomSlug));
      await again.next();
      return again.received.at(-1)?.type === 'room_joined' || undefined;
    });
  });

  test('LIMIT-2: of those that come to both nodes in one moment as many stay as may, and no fewer', async () => {
    const { token } = await server.makeUser('ana');
    const clients: TestClient[] = [];
    for (let i = 0; i < 3 * CONNECTIONS; i += 1) {
      clients.push(server.adopt(await TestClient.connect(`ws://127.0.0.1:${server.nodePorts[i % 2]}/ws`)));
    }
    const open = () => clients.filter(({ isOpen }) => isOpen).length;
    for (const client of clients) client.send(auth(token));
    await eventually('As many are left as may be', () => open() <= CONNECTIONS || undefined);
    // Those who look once more have done so by then.
    await pause(2_000);
    expect(open()).toBe(CONNECTIONS);
    const last = await server.connectTo(0, { token });
    await eventually('Another has gone', () => open() === CONNECTIONS - 1 || undefined);
    expect(last.isOpen).toBe(true);
  });

  test('LIMIT-2: connections that died with their node do not count', async () => {
    const ana = await server.makeUser('ana');
    for (let i = 0; i < 4; i += 1) await server.connectTo(0, ana);
    await server.process.kill();
    const back: TestClient[] = [];
    for (let i = 0; i < 4; i += 1) back.push(await server.connectTo(1, ana));
    for (const client of back) expect(await client.barrier()).toEqual([]);
    expect(back.every(({ isOpen }) => isOpen)).toBe(true);
  });
});
