import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { http } from '../support/http.js';
import { eventually } from '../support/waiting.js';
import { describeNodes, seenBy } from './nodes.js';

const REDIS_BACK_MS = 8_000;

describeNodes('Two nodes when Redis comes back, or has forgotten', {}, (server) => {
  afterEach(async () => server.sendEveryoneHome());

  test('P9: what stands in front of Redis takes connections and drops them: back again, the nodes hear each other', async () => {
    const { roomSlug, a, b } = await server.couple();
    await server.redis.kill();
    let dropped = 0;
    const inFront = createServer((socket) => {
      dropped += 1;
      setTimeout(() => socket.destroy(), 1);
    });
    await once(inFront.listen(server.redis.port, '127.0.0.1'), 'listening');
    // Two connections a node, each more than once.
    await eventually('Both have tried for a while', () => dropped > 12 || undefined);
    await a.say(roomSlug, 'one', 'm0');
    await once(inFront.close(), 'close');
    await server.redis.start();
    for (const node of [0, 1]) {
      const isUp = async () => (await server.metric(node, 'milonga_redis_up')) === 1 || undefined;
      await eventually('The nodes hear each other', isUp, { within: REDIS_BACK_MS });
    }
    await b.say(roomSlug, 'two', 'm1');
    await eventually('Both have all', () => (seenBy(a).length === 2 && seenBy(b).length === 2) || undefined);
  });

  test('EVENT-1: right after FLUSHALL events still find their user', async () => {
    const { ana, a } = await server.couple();
    await server.redis.flush();
    await http(`http://127.0.0.1:${server.nodePorts[1]}/api/users/${ana.id}/events`, {
      method: 'POST',
      body: { type: 'post', data: {} },
      headers: { 'x-api-key': server.apiKey },
    });
    expect(await a.nextOfType('post')).toMatchObject({ data: {} });
  });

  test('AUTH-8: who is disconnected while Redis is away is so on the other nodes when it is back', async () => {
    const { ana, a } = await server.couple();
    const other = await server.connectTo(1, ana);
    await server.redis.kill();
    await eventually('Redis is away', async () => (await server.metric(0, 'milonga_redis_up')) === 0 || undefined);
    await http(`http://127.0.0.1:${server.nodePorts[0]}/api/users/${ana.id}/disconnect`, {
      method: 'POST',
      headers: { 'x-api-key': server.apiKey },
    });
    expect((await a.end()).code).toBe(4401);
    expect(other.isOpen).toBe(true);
    await server.redis.start();
    expect((await other.end()).code).toBe(4401);
  });

  test('P8: a node of which the shared memory has lost a part has all its users there still', async () => {
    const { roomSlug, bob, a, b } = await server.couple();
    const carl = await server.connectTo(1, await server.makeUser('carl'));
    await carl.join(roomSlug);
    await a.nextWhere('Carl', ({ type, data }) => type === 'user_joined' && JSON.stringify(data).includes('carl'));
    // As if it had been flushed, and Carl had come after that: the number is of both, the field only of one.
    const { key, node, seq } = await server.rosterOf(bob.id);
    await server.redisCommand('HDEL', key, `${node}/${bob.id}`);
    await server.redisCommand('HSET', key, node, `${seq + 1} 2`);
    const before = await server.redisCalls('hgetall');
    const word = JSON.stringify({ kind: 'open', data: { seq: seq + 1, previous: seq - 1 } });
    await server.redisCommand('SPUBLISH', key, `milonga1 ${node} ${word}\n`);
    await eventually('It is read', async () => (await server.redisCalls('hgetall')) > before || undefined);
    await a.say(roomSlug, 'is anybody there?', 'm0');
    await eventually('Bob is', () => seenBy(b).length === 1 || undefined);
    expect(a.received.map(({ type }) => type)).not.toContain('user_left');
    expect(await (await server.connectTo(0, await server.makeUser('dora'))).join(roomSlug)).toMatchObject({
      userCount: 4,
    });
  });
});
