import { expect, test } from '@jest/globals';
import { chatMessage, joinRoom } from '../support/client-frames.js';
import { roomJoined } from '../support/server-frames.js';
import { describeOwnServer, describeServer } from '../support/suite.js';
import { unique } from '../support/unique.js';
import { eventually } from '../support/waiting.js';
import { messageIdOf, type Frame, type TestClient } from '../support/ws-client.js';

/** Sends frames on the connection until the clock has moved on well past everything before. */
async function becomeActive(client: TestClient): Promise<void> {
  const until = Date.now() + 50;
  await eventually('Activity', async () => {
    await client.barrier();
    return Date.now() > until ? true : undefined;
  });
}

describeServer('Connections per user', {}, (server) => {
  test('LIMIT-2: ten connections are fine, the eleventh closes the longest idle with 4409', async () => {
    const user = await server.makeUser();
    const clients: TestClient[] = [];
    for (let index = 0; index < 10; index += 1) {
      const client = await server.connectAs(user);
      await becomeActive(client);
      clients.push(client);
    }
    const [oldest, ...others] = clients;
    await becomeActive(oldest!);
    expect(clients.every(({ isOpen }) => isOpen)).toBe(true);
    const eleventh = await server.connectAs(user);
    expect(await others[0]!.end()).toMatchObject({ code: 4409 });
    for (const client of [oldest!, ...others.slice(1), eleventh]) expect(await client.barrier()).toEqual([]);
  });
});

describeOwnServer(
  'Two connections per user',
  { environment: { MAX_CONNECTIONS_PER_USER: '2' }, on: 'one' },
  (server) => {
    test('LIMIT-2: an evicted connection leaves its rooms, and other users are left alone', async () => {
      const roomSlug = unique('room');
      const { ana, bob } = await server.members(roomSlug, 'ana', 'bob');
      await becomeActive(await server.connectAs(bob.user));
      await server.connectAs(bob.user);
      expect(await bob.client.end()).toMatchObject({ code: 4409 });
      expect(await ana.client.barrier()).not.toContainEqual(expect.objectContaining({ type: 'new_message' }));
      expect(ana.client.isOpen).toBe(true);
    });

    test('LIMIT-2: unauthenticated connections do not count', async () => {
      const { client, user } = await server.guest();
      const second = await server.connectAs(user);
      for (let index = 0; index < 5; index += 1) await server.connect();
      expect(await client.barrier()).toEqual([]);
      expect(await second.barrier()).toEqual([]);
    });

    test('LIMIT-2: a refresh of the session is no further connection', async () => {
      const { client, user } = await server.guest();
      const second = await server.connectAs(user);
      await second.authenticate(user.token);
      await second.authenticate(user.token);
      expect(await client.barrier()).toEqual([]);
    });
  },
);

const environment = { SEND_BUFFER_BYTES: '262144', PRESENCE_GRACE_MS: '0' };
const BATCH = 50;
/** 4,000 characters of 3 bytes: 12 KB a message. Kernels buffer some megabytes on top of what the server holds back. */
const LONG_TEXT = '漢'.repeat(4_000);
const MOST_BATCHES = 120;

describeOwnServer('A slow reader', { environment, on: 'one' }, (server) => {
  test('LIMIT-3: who does not read is cut off, and nobody else notices', async () => {
    const roomSlug = unique('room');
    const { sender, healthy, slow } = await server.members(roomSlug, 'sender', 'healthy', 'slow');
    slow.client.pauseReading();

    const isGone = (frame: Frame) => frame.type === 'user_left';
    const ids: string[] = [];
    for (let batch = 0; batch < MOST_BATCHES && !healthy.client.received.some(isGone); batch += 1) {
      const next = Array.from({ length: BATCH }, (_, index) => `m${ids.length + index}`);
      sender.client.sendTogether(...next.map((id) => chatMessage(roomSlug, LONG_TEXT, id)));
      ids.push(...next);
      const last = next.at(-1);
      await healthy.client.until(`message ${last}`, () => healthy.client.received.map(messageIdOf).includes(last));
    }
    await healthy.client.until('the slow one leaving', () => healthy.client.received.some(isGone));

    const seenBy = ({ received }: TestClient) => received.map(messageIdOf).filter((id) => id !== undefined);
    await sender.client.barrier();
    expect(seenBy(healthy.client)).toEqual(ids);
    expect(seenBy(sender.client)).toEqual(ids);

    slow.client.resumeReading();
    const { code } = await slow.client.end();
    expect([1013, 1006]).toContain(code);
    const seen = seenBy(slow.client);
    expect(seen.length).toBeLessThan(ids.length);
    expect(seen).toEqual(ids.slice(0, seen.length));
    expect((await server.guest()).client.isOpen).toBe(true);
  }, 60_000);

  test('LIMIT-3: who reads again in time stays and misses nothing', async () => {
    const roomSlug = unique('room');
    const { sender, slow } = await server.members(roomSlug, 'sender', 'slow');
    slow.client.pauseReading();
    const ids = Array.from({ length: 20 }, (_, index) => `m${index}`);
    sender.client.sendTogether(...ids.map((id) => chatMessage(roomSlug, LONG_TEXT, id)));
    await sender.client.until('the last', () => sender.client.received.map(messageIdOf).includes(ids.at(-1)));
    slow.client.resumeReading();
    expect((await slow.client.nextFew(ids.length)).map(messageIdOf)).toEqual(ids);
    slow.client.send(joinRoom(roomSlug));
    expect(await slow.client.next()).toEqual(roomJoined(roomSlug, 2));
  });
});
