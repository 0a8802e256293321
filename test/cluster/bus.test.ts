import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { encodeTextFrames } from '../../src/socket/frame-encoder.js';
import { chatMessage, joinRoom } from '../support/client-frames.js';
import { unique } from '../support/unique.js';
import { eventually } from '../support/waiting.js';
import { dataOf, isAbout, messageIdOf, type TestClient } from '../support/ws-client.js';
import { describeNodes, seenBy } from './nodes.js';

const FEW = Array.from({ length: 20 }, (_, i) => `m${i}`);

async function untilSeen(client: TestClient, count: number, within = 10_000): Promise<void> {
  await eventually('All messages have come', () => seenBy(client).length >= count || undefined, { within });
}

describeNodes('Two nodes and their Redis', { PRESENCE_GRACE_MS: '1000' }, (server) => {
  afterEach(async () => {
    await server.sendEveryoneHome();
  });

  const channels = async () => (await server.redisCommand('PUBSUB', 'SHARDCHANNELS', '*room:*')) as string[];

  test('a node hears of a room while somebody of its own is there, and no longer', async () => {
    const before = (await channels()).length;
    const { roomSlug, a, b } = await server.couple();
    expect((await channels()).length).toBe(before + 1);
    const [channel] = (await channels()).slice(-1);
    await a.leave(roomSlug);
    await b.leave(roomSlug);
    await eventually('Nobody is subscribed', async () => !(await channels()).includes(channel!) || undefined);
  });

  test('a batch is one hint, however many messages it has', async () => {
    const { roomSlug, a, b } = await server.couple();
    const before = await server.redisCalls('spublish', 'publish');
    a.sendTogether(...Array.from({ length: 200 }, (_, i) => chatMessage(roomSlug, `text ${i}`, `b${i}`)));
    await untilSeen(b, 200);
    expect((await server.redisCalls('spublish', 'publish')) - before).toBeLessThan(60);
  });

  describe('hints', () => {
    let listener: Redis;
    let parcels = 0;

    beforeAll(async () => {
      // What its check asks may come after the first subscription, and is then an error.
      listener = new Redis(server.redis.url, { enableReadyCheck: false });
      listener.on('smessage', (_channel: string, payload: string) => {
        if (payload.includes('"kind":"parcel"')) parcels += 1;
      });
      const inboxes = (await server.redisCommand('PUBSUB', 'SHARDCHANNELS', '*node:*')) as string[];
      for (const inbox of inboxes) await listener.ssubscribe(inbox);
    });

    afterAll(() => {
      listener.disconnect();
    });

    test('of many rooms leave together', async () => {
      const couples = [];
      for (let i = 0; i < 10; i++) couples.push(await server.couple());
      const [{ a, b }] = couples as [(typeof couples)[number]];
      for (const { roomSlug } of couples) await Promise.all([a.join(roomSlug), b.join(roomSlug)]);
      parcels = 0;
      a.sendTogether(...couples.map(({ roomSlug }, i) => chatMessage(roomSlug, 'to all', `all${i}`)));
      await untilSeen(b, couples.length);
      expect(parcels).toBeGreaterThan(0);
      expect(parcels).toBeLessThan(couples.length / 2);
    });

    test('go to who has the room open, and to who has closed it once more', async () => {
      const { roomSlug, a, b } = await server.couple();
      await b.leave(roomSlug);
      await a.nextOfType('user_left');
      parcels = 0;
      for (const slug of ['m0', 'm1', 'm2']) {
        await a.say(roomSlug, 'is anybody there?', slug);
        await eventually('It is told', () => seenBy(a).includes(slug) || undefined);
        // A way to the other node and back.
        await b.join(unique('room'));
      }
      expect(parcels).toBe(1);
      await b.join(roomSlug);
      await a.say(roomSlug, 'welcome back', 'm3');
      await untilSeen(b, 1);
      expect(parcels).toBe(2);
    });
  });

  test('what is not ours on our channels is ignored and counted', async () => {
    const { roomSlug, a, b } = await server.couple();
    const [room] = (await channels()).slice(-1) as [string];
    const nodes = (await server.redisCommand('PUBSUB', 'SHARDCHANNELS', '*node*')) as string[];
    const before = await server.metric(1, 'milonga_bus_foreign_total');
    const hostile = [
      'hello',
      '{"type":"new_message"}',
      'milonga1 ',
      'milonga1 me {"kind":"messages"}\n',
      'milonga1 me {"kind":"messages","data":[["x",[1]]]}\n{}',
      'milonga1 me {"kind":"messages","data":[[1,[null,{}]]]}\n{}\n{}',
      'milonga1 me {"kind":"messages","data":[[9000000000000,[9000000000001]]]}\n{}',
      'milonga1 me {"kind":"messages","data":[[1,[2,3]]]}\n',
      'milonga1 me {"kind":"parcel","data":{}}\n',
      'milonga1 me {"kind":"parcel","data":[[1,"messages",[],9]]}\n{}',
      'milonga1 me {"kind":"not-open","data":7}\n',
      'milonga1 me {"kind":"open","data":{"seq":[]}}\n',
      'milonga1 me {"kind":"enter","data":{"seq":"1","userId":-1}}\n',
      'milonga1 me {"kind":"stats","data":[]}\n',
      'milonga1 me {"kind":"__proto__","data":{}}\n',
      'milonga1 me [',
      '\u0000'.repeat(1_000),
    ];
    for (const payload of hostile) {
      for (const channel of [room, ...nodes]) await server.redisCommand('SPUBLISH', channel, payload);
    }
    await eventually(
      'They are counted',
      async () => (await server.metric(1, 'milonga_bus_foreign_total')) - before >= hostile.length || undefined,
    );
    await a.say(roomSlug, 'all is well', 'well');
    await untilSeen(b, 1);
    expect(b.received.map(messageIdOf).filter(Boolean)).toEqual(['well']);
  });

  test('P4, P5: hints that come twice, late or never: everything once, in order', async () => {
    const { roomSlug, a, b } = await server.couple();
    const [room] = (await channels()).slice(-1) as [string];
    for (const [i, slug] of FEW.entries()) {
      // Subscriptions are cut, and what a hint says is said again by nobody.
      if (i % 5 === 2) await server.redisCommand('CLIENT', 'KILL', 'TYPE', 'pubsub');
      await (i % 2 ? a : b).say(roomSlug, `text of ${slug}`, slug);
      if (i % 4 === 3) {
        await untilSeen(b, i + 1);
        const frame = b.received.find((each) => messageIdOf(each) === slug);
        const { id } = dataOf(frame!) as { id: number };
        const hint = { kind: 'messages', data: [[id - 1, [id]]] };
        const head = Buffer.from(`milonga1 another-node ${JSON.stringify(hint)}\n`);
        const payload = Buffer.concat([head, encodeTextFrames([JSON.stringify(frame)])]);
        for (let n = 0; n < 3; n++) await server.redisCommand('SPUBLISH', room, payload);
      }
    }
    await untilSeen(a, FEW.length);
    await untilSeen(b, FEW.length);
    expect([seenBy(a), seenBy(b)]).toEqual([FEW, FEW]);
  });

  test('P5: the last hint is lost: the newest message of the room still comes', async () => {
    const { roomSlug, a, b } = await server.couple();
    await server.arrange(async (sql) => {
      await sql(
        `INSERT INTO messages (room_id, user_id, slug, message) SELECT id, 1, 'quiet', 'no hint told of it' FROM rooms WHERE slug = $1`,
        [roomSlug],
      );
    });
    await untilSeen(a, 1, 15_000);
    await untilSeen(b, 1, 15_000);
    expect([seenBy(a), seenBy(b)]).toEqual([['quiet'], ['quiet']]);
  });

  describe('ROOM-1: a join', () => {
    test('in a room of 1,000 costs a frame a member and a few commands to Redis', async () => {
      const roomSlug = unique('room');
      const crowd = await server.crowd(1_000, (i) => i % 2);
      const [{ user, client }, ...others] = crowd as [(typeof crowd)[number], ...typeof crowd];
      const members = others.map((other) => other.client);
      for (const member of members) member.send(joinRoom(roomSlug));
      const isIn = isAbout('room_joined', roomSlug);
      await eventually('All are in', () => members.every(({ received }) => received.some(isIn)) || undefined);
      const before = await server.redisCalls('hset', 'hgetall', 'hdel', 'spublish', 'expire', 'ssubscribe');
      expect(await client.join(roomSlug)).toMatchObject({ userCount: 1_000 });
      const isTold = (member: TestClient) =>
        member.received.filter((frame) => frame.type === 'user_joined' && dataOf(frame)['userId'] === user.id)
          .length === 1;
      await eventually('Everybody is told', () => members.every(isTold) || undefined);
      const cost = (await server.redisCalls('hset', 'hgetall', 'hdel', 'spublish', 'expire', 'ssubscribe')) - before;
      // The nodes' beats come on top.
      expect(cost).toBeLessThan(20);
    });
  });
});
