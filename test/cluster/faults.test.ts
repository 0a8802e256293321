import { afterEach, expect, test } from '@jest/globals';
import { chatMessage } from '../support/client-frames.js';
import { storedMessageIds } from '../support/rows.js';
import { userLeft } from '../support/server-frames.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { unique } from '../support/unique.js';
import { bounded, eventually } from '../support/waiting.js';
import type { TestClient } from '../support/ws-client.js';
import { describeNodes, seenBy } from './nodes.js';

const KILLED_MS = 15_000;
const REDIS_BACK_MS = 8_000;

function typesOf(client: TestClient): string[] {
  return client.received.map(({ type }) => type);
}

describeNodes('Two nodes when something fails', { PRESENCE_GRACE_MS: '15000', DRAIN_TIMEOUT_MS: '5000' }, (server) => {
  afterEach(async () => {
    await server.sendEveryoneHome();
    if (server.process.hasEnded) await server.launch();
  });

  test('P8: the users of a killed node are gone within 15 s, once', async () => {
    const { roomSlug, ana, b } = await server.couple();
    await server.process.kill();
    await eventually('Ana is gone', () => typesOf(b).includes('user_left') || undefined, { within: KILLED_MS });
    expect(b.received.filter(({ type }) => type === 'user_left')).toEqual([userLeft(ana, roomSlug)]);
    const carl = await server.makeUser('carl');
    const c = await server.connectTo(1, carl);
    expect(await c.join(roomSlug)).toMatchObject({ userCount: 2 });
  });

  test('P8: a node that stood still for so long that others took it for dead has its users back, and hears of theirs', async () => {
    const { roomSlug, ana, a, b } = await server.couple();
    server.process.signal('SIGSTOP');
    try {
      const isTold = () => typesOf(b).includes('user_left') || undefined;
      await eventually('Ana is taken for gone', isTold, { within: KILLED_MS });
    } finally {
      server.process.signal('SIGCONT');
    }
    const isBack = () => typesOf(b).filter((type) => type === 'user_joined').length === 1 || undefined;
    await eventually('Ana is back', isBack);
    expect(b.received.findLast(({ type }) => type === 'user_joined')).toMatchObject({ data: { userId: ana.id } });
    const before = await server.metric(0, 'milonga_bus_gaps_filled_total');
    await b.say(roomSlug, 'are you well?', 'm0');
    await eventually('Ana reads it', () => seenBy(a).length === 1 || undefined);
    expect(await server.metric(0, 'milonga_bus_gaps_filled_total')).toBe(before);
    const carl = await server.makeUser('carl');
    expect(await (await server.connectTo(1, carl)).join(roomSlug)).toMatchObject({ userCount: 3 });
  });

  test('ROOM-7: a rolling restart shows nobody leaving who comes back by way of another node', async () => {
    const { roomSlug, ana, a, b } = await server.couple();
    server.process.signal('SIGTERM');
    expect(await a.end()).toMatchObject({ code: 1012 });
    const again = await server.connectTo(1, ana);
    expect(await again.join(roomSlug)).toMatchObject({ userCount: 2 });
    await bounded(server.process.ended, 'The end of the process');
    await server.launch();
    await again.leave(roomSlug);
    expect(await b.nextOfType('user_left')).toEqual(userLeft(ana, roomSlug));
    expect(typesOf(b).filter((type) => type === 'user_joined' || type === 'user_left')).toEqual(['user_left']);
  });

  test('P9: Redis killed: each node goes on, and the messages of both reach both', async () => {
    const { roomSlug, a, b } = await server.couple();
    await server.redis.kill();
    for (const [i, client] of [a, b, a, b].entries()) await client.say(roomSlug, `message ${i}`, `m${i}`);
    await eventually('Both have all', () => (seenBy(a).length === 4 && seenBy(b).length === 4) || undefined);
    expect([seenBy(a), seenBy(b)]).toEqual([
      ['m0', 'm1', 'm2', 'm3'],
      ['m0', 'm1', 'm2', 'm3'],
    ]);
    expect(await server.metric(1, 'milonga_redis_up')).toBe(0);
    expect((await server.get('/health/ready')).json).toEqual({ status: 'ok', redis: 'away' });
    const carl = await server.makeUser('carl');
    await (await server.connectTo(1, carl)).join(roomSlug);
    await server.redis.start();
    const hasSeenCarl = () => typesOf(a).filter((type) => type === 'user_joined').length === 2;
    await eventually('Ana sees Carl', () => hasSeenCarl() || undefined, { within: REDIS_BACK_MS });
    expect(typesOf(a)).not.toContain('user_left');
    expect(typesOf(b)).not.toContain('user_left');
  });

  test('P8: who leaves while Redis is away, or as it goes, is seen leaving when it is back', async () => {
    const [first, second] = [await server.couple(), await server.couple()];
    await Promise.all([server.redis.kill(), first.a.leave(first.roomSlug)]);
    await second.a.leave(second.roomSlug);
    await server.redis.start();
    for (const { ana, b, roomSlug } of [first, second]) {
      expect(await b.nextOfType('user_left')).toEqual(userLeft(ana, roomSlug));
    }
  });

  test('P9: Redis hangs: nobody waits for it', async () => {
    const { roomSlug, a, b } = await server.couple();
    server.redis.freeze();
    try {
      await a.say(roomSlug, 'one', 'm0');
      await b.say(roomSlug, 'two', 'm1');
      await eventually('Both have all', () => (seenBy(a).length === 2 && seenBy(b).length === 2) || undefined);
    } finally {
      server.redis.thaw();
    }
    await eventually(
      'The nodes hear each other',
      async () => (await server.metric(0, 'milonga_redis_up')) === 1 || undefined,
    );
    expect([seenBy(a), seenBy(b)]).toEqual([
      ['m0', 'm1'],
      ['m0', 'm1'],
    ]);
  });

  test('P2: what one node refuses, as its own link to the database is broken, nobody sees by way of another', async () => {
    const database = await server.prepareDatabase();
    const { hostname: host, port } = new URL(database.url);
    const proxy = await TcpProxy.start({ host, port: Number(port) });
    const proxied = new URL(database.url);
    proxied.port = String(proxy.port);
    await server.restart({ DATABASE_URL: proxied.href });
    try {
      const { roomSlug, a, b } = await server.couple();
      await a.say(roomSlug, 'before', 'm0');
      proxy.swallowAnswers();
      a.send(chatMessage(roomSlug, 'is it stored?', 'm1'));
      const isStored = async () => (await server.arrange((sql) => storedMessageIds(sql, roomSlug))).includes('m1');
      await eventually('It is stored', async () => (await isStored()) || undefined, { every: 10 });
      await b.say(roomSlug, 'after it', 'm2');
      expect(await a.nextOfType('error')).toMatchObject({ messageId: 'm1' });
      await eventually('It is no more', async () => !(await isStored()) || undefined);
      await proxy.restore();
      await eventually('Ana has the other', () => seenBy(a).includes('m2') || undefined, { within: 20_000 });
      expect([seenBy(a), seenBy(b)]).toEqual([
        ['m0', 'm2'],
        ['m0', 'm2'],
      ]);
    } finally {
      await server.restart({ DATABASE_URL: database.url });
      await proxy.stop();
    }
  });

  test('P8: after FLUSHALL everybody is still there, and those who come are counted right', async () => {
    const { roomSlug, a, b } = await server.couple();
    await server.redis.flush();
    const carl = await server.makeUser('carl');
    const elsewhere = unique('room');
    await a.join(elsewhere);
    const c = await server.connectTo(1, carl);
    const count = async () => {
      const { userCount } = await c.join(elsewhere);
      await c.leave(elsewhere);
      return userCount === 2 || undefined;
    };
    await eventually('The room is counted right', count, { within: 5_000, every: 300 });
    expect(await c.join(roomSlug)).toMatchObject({ userCount: 3 });
    expect([...typesOf(a), ...typesOf(b)].filter((type) => type === 'user_left').length).toBeLessThan(20);
    expect(typesOf(b)).not.toContain('user_left');
  });

  test('AUTH-8: who is disconnected is so on every node', async () => {
    const { ana, a } = await server.couple();
    const other = await server.connectTo(1, ana);
    const answer = await server.command(`/api/users/${ana.id}/disconnect`);
    expect(answer.json).toEqual({ reached: 2 });
    expect([(await a.end()).code, (await other.end()).code]).toEqual([4401, 4401]);
  });
});
