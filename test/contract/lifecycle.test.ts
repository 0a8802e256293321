import { afterEach, expect, test } from '@jest/globals';
import { chatMessage } from '../support/client-frames.js';
import { freePort } from '../../scripts/free-port.mjs';
import { exchange, upgradeRequest } from '../support/raw-http.js';
import { roomJoined } from '../support/server-frames.js';
import type { OwnServer } from '../support/own-server.js';
import { ServerProcess } from '../support/server-process.js';
import type { StoredMessage, TestUser } from '../support/server.js';
import { describeOwnServer } from '../support/suite.js';
import { unique } from '../support/unique.js';
import { bounded, eventually } from '../support/waiting.js';
import { isAcknowledgement, type Frame, type TestClient } from '../support/ws-client.js';

const DRAIN_MS = 4_000;

/** The answers to HTTP requests sent one after the other until nobody listens any more; 0 stands for that. */
async function readinessUntilGone(server: OwnServer, atEach: (status: number) => Promise<void>): Promise<number[]> {
  const statuses: number[] = [];
  while (statuses.at(-1) !== 0) {
    const status = await server.get('/health/ready').then(
      (answer) => answer.status,
      () => 0,
    );
    statuses.push(status);
    await atEach(status);
  }
  return statuses;
}

function acknowledgedIds({ received }: TestClient): string[] {
  return received.filter(({ type }) => type === 'message_sent').map(({ messageId }) => String(messageId));
}

function refusedIds({ received }: TestClient): string[] {
  return received.filter(({ type }) => type === 'error').map(({ messageId }) => String(messageId));
}

/** What the room holds, read by a member who has come back. */
async function storedIn(server: OwnServer, roomSlug: string, user: TestUser): Promise<StoredMessage[]> {
  const client = await server.connectAs(user);
  await client.join(roomSlug);
  return server.history(roomSlug, user);
}

describeOwnServer('Stopping', { environment: { DRAIN_TIMEOUT_MS: String(DRAIN_MS) } }, (server) => {
  afterEach(async () => {
    if (server.process.hasEnded) await server.launch();
    else await server.restart();
  }, 60_000);

  test.each(['SIGTERM', 'SIGINT'] as const)('%s closes every client with 1012, exit status 0', async (signal) => {
    const roomSlug = unique('room');
    const { ana, bob } = await server.members(roomSlug, 'ana', 'bob');
    const unauthenticated = await server.connect();
    server.process.signal(signal);
    const closes = await Promise.all([ana.client.end(), bob.client.end(), unauthenticated.end()]);
    expect(closes.map(({ code }) => code)).toEqual([1012, 1012, 1012]);
    expect(await bounded(server.process.ended, 'The end of the process', DRAIN_MS + 5_000)).toEqual({
      code: 0,
      signal: null,
    });
    // A v1 client is told nothing else, and sees nobody leaving (ROOM-7).
    for (const client of [ana.client, bob.client, unauthenticated]) expect(client.takeAll()).toEqual([]);
  });

  test('while draining, ready is 503 and no new socket is let in', async () => {
    const { client } = await server.guest();
    // It never answers the close frame: the drain takes its time.
    client.pauseReading();
    server.process.signal('SIGTERM');
    const upgrades: number[] = [];
    const statuses = await readinessUntilGone(server, async (status) => {
      if (status !== 503) return;
      const request = upgradeRequest(server.url, '/');
      upgrades.push(
        await exchange(server.url, request).then(
          (answer) => answer.status,
          () => 0,
        ),
      );
    });
    expect(statuses).toContain(503);
    expect(statuses.slice(statuses.indexOf(503))).not.toContain(200);
    expect(upgrades).not.toContain(101);
    expect(await bounded(server.process.ended, 'The end of the process', DRAIN_MS + 5_000)).toMatchObject({ code: 0 });
  });

  test('P1, P2: a stop in the middle of sending keeps what was acknowledged, and nothing that was refused', async () => {
    const roomSlug = unique('room');
    const { ana } = await server.members(roomSlug, 'ana');
    const ids = Array.from({ length: 500 }, (_, index) => `m${index}`);
    ana.client.sendTogether(...ids.map((id) => chatMessage(roomSlug, `text of ${id}`, id)));
    await ana.client.nextOfType('message_sent');
    server.process.signal('SIGTERM');
    await ana.client.end();
    await server.process.ended;
    await server.launch();
    const stored = (await storedIn(server, roomSlug, ana.user)).map(({ slug }) => slug);
    expect(stored).toEqual(expect.arrayContaining(acknowledgedIds(ana.client)));
    expect(stored.filter((slug) => refusedIds(ana.client).includes(slug))).toEqual([]);
    expect(new Set(stored).size).toBe(stored.length);
  });

  test('ROOM-7: over a restart nobody is seen leaving who comes back', async () => {
    const roomSlug = unique('room');
    const { ana, bob } = await server.members(roomSlug, 'ana', 'bob');
    await server.restart();
    const [first, second] = [await server.connectAs(ana.user), await server.connectAs(bob.user)];
    await first.join(roomSlug);
    expect(await second.join(roomSlug)).toEqual(roomJoined(roomSlug, 2));
    await second.say(roomSlug, 'back again');
    const seen = [...ana.client.takeAll(), ...bob.client.takeAll(), ...(await first.barrier())];
    expect(seen.map(({ type }) => type)).not.toContain('user_left');
  });
});

describeOwnServer('Stopping at once', { environment: { DRAIN_TIMEOUT_MS: '120000' }, on: 'one' }, (server) => {
  test('a second signal ends the drain', async () => {
    const { client } = await server.guest();
    client.pauseReading();
    server.process.signal('SIGTERM');
    await eventually('The drain has begun', async () =>
      server.get('/health/ready').then(
        ({ status }) => (status === 200 ? undefined : true),
        () => true,
      ),
    );
    server.process.signal('SIGTERM');
    await bounded(server.process.ended, 'The end of the process', 8_000);
    await server.launch();
  }, 60_000);
});

describeOwnServer('kill -9', {}, (server) => {
  test('P1, P3: acknowledged messages survive; the others are sent again and stand once', async () => {
    const roomSlug = unique('room');
    const { ana } = await server.members(roomSlug, 'ana');
    const ids: string[] = [];
    const stream = setInterval(() => {
      if (!ana.client.isOpen) return;
      const next = Array.from({ length: 10 }, (_, index) => `m${ids.length + index}`);
      ids.push(...next);
      ana.client.sendTogether(...next.map((id) => chatMessage(roomSlug, `text of ${id}`, id)));
    }, 2);
    try {
      await ana.client.until('300 acknowledgements', () => acknowledgedIds(ana.client).length >= 300, 20_000);
      await server.process.kill();
      await ana.client.end();
    } finally {
      clearInterval(stream);
    }
    const acknowledged = acknowledgedIds(ana.client);
    await server.launch();

    const stored = (await storedIn(server, roomSlug, ana.user)).map(({ slug }) => slug);
    expect(acknowledged.filter((id) => !stored.includes(id))).toEqual([]);
    expect(new Set(stored).size).toBe(stored.length);

    const back = await server.connectAs(ana.user);
    await back.join(roomSlug);
    const unknown = ids.filter((id) => !acknowledged.includes(id));
    back.sendTogether(...unknown.map((id) => chatMessage(roomSlug, `text of ${id}`, id)));
    for (const id of unknown) {
      await back.nextWhere(`the ack of ${id}`, (frame: Frame) => isAcknowledgement(frame, id));
    }
    const all = await server.history(roomSlug, ana.user);
    expect(all.map(({ slug }) => slug)).toEqual(ids);
    expect(all.map(({ message }) => message)).toEqual(ids.map((id) => `text of ${id}`));
  }, 90_000);

  test('CHAT-4: after a kill -9 new messages are numbered on', async () => {
    const roomSlug = unique('room');
    const { ana } = await server.members(roomSlug, 'ana');
    await ana.client.say(roomSlug, 'before', 'before');
    await server.process.kill();
    await server.launch();
    const back = await server.connectAs(ana.user);
    await back.join(roomSlug);
    await back.say(roomSlug, 'after', 'after');
    expect((await server.history(roomSlug, ana.user)).map(({ slug }) => slug)).toEqual(['before', 'after']);
  });
});

describeOwnServer('One process per DATA_DIR', { on: 'embedded' }, (server) => {
  async function startSecond() {
    const second = new ServerProcess({ ...server.environment, PORT: String(await freePort()) });
    try {
      const { code } = await bounded(second.ended, 'The second process refuses', 30_000);
      return { code, output: second.output };
    } finally {
      await second.kill();
    }
  }

  test('a second process refuses to start and says why; the first goes on', async () => {
    const roomSlug = unique('room');
    const { ana } = await server.members(roomSlug, 'ana');
    const { code, output } = await startSecond();
    expect(code).toBe(1);
    expect(output).toMatch(/DATA_DIR|data directory/i);
    expect(output).toContain(server.dataDir);
    await ana.client.say(roomSlug, 'all is well');
  });

  test('it refuses also while the first is stopped in its tracks', async () => {
    server.process.signal('SIGSTOP');
    try {
      expect((await startSecond()).code).toBe(1);
    } finally {
      server.process.signal('SIGCONT');
    }
    const { client } = await server.guest();
    expect(await client.barrier()).toEqual([]);
  });
});
