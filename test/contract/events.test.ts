import { beforeAll, expect, test } from '@jest/globals';
import { joinRoom } from '../support/client-frames.js';
import { follow } from '../support/rows.js';
import { errorFrame, eventFrame, NOT_AUTHENTICATED } from '../support/server-frames.js';
import type { TestUser } from '../support/server.js';
import { describeOwnServer, describeServer } from '../support/suite.js';
import { unique } from '../support/unique.js';
import { eventually } from '../support/waiting.js';

const OWN_TYPES = [
  'auth',
  'pong',
  'join_room',
  'leave_room',
  'chat_message',
  'auth_success',
  'auth_error',
  'ping',
  'room_joined',
  'room_left',
  'user_joined',
  'user_left',
  'message_sent',
  'new_message',
  'error',
];

describeServer('Events to users', { needs: ['api key'] }, (server) => {
  const tell = async (userId: number, type: unknown, data: unknown) =>
    server.command(`/api/users/${userId}/events`, { type, data });

  test('EVENT-1, EVENT-4: an event reaches every connection of the user, and nobody else', async () => {
    const { ana, bob } = await server.guests('ana', 'bob');
    const second = await server.connectAs(ana.user);
    const unauthenticated = await server.connect();
    const data = { title: 'New follower', message: 'Alice started following you' };
    const answer = await tell(ana.user.id, 'notification', data);
    expect(answer.status).toBeLessThan(300);
    expect(answer.json).toEqual({ reached: 2 });
    expect(await ana.client.next()).toEqual(eventFrame('notification', data));
    expect(await second.next()).toEqual(eventFrame('notification', data));
    expect(await bob.client.barrier()).toEqual([]);
    unauthenticated.send(joinRoom('a-room'));
    expect(await unauthenticated.next()).toEqual(errorFrame(NOT_AUTHENTICATED));
  });

  test.each<[string, unknown]>([
    ['nested data', { postId: 789, tags: ['a', 'b'], by: { id: 1, name: 'Ünï 💃' }, none: null, yes: true }],
    ['no keys', {}],
    ['a __proto__ key', JSON.parse('{"__proto__": {"x": 1}, "y": 2}')],
    ['text that looks like markup', { html: '<b>&</b>' }],
  ])('EVENT-1: data arrives as it was given: %s', async (_what, data) => {
    const { client, user } = await server.guest();
    await tell(user.id, 'user_post_created', data);
    expect(await client.next()).toEqual(eventFrame('user_post_created', data));
  });

  test('EVENT-1: events to one user arrive in the order of the calls', async () => {
    const { client, user } = await server.guest();
    const numbers = Array.from({ length: 20 }, (_, number) => number);
    for (const number of numbers) await tell(user.id, 'counted', { number });
    expect(await client.nextFew(numbers.length)).toEqual(numbers.map((number) => eventFrame('counted', { number })));
  });

  test('EVENT-4: nobody there is 0, not an error', async () => {
    const absent = await server.makeUser();
    const gone = await server.guest();
    await gone.client.close(1000);
    for (const id of [absent.id, 2_000_000_000]) {
      const answer = await tell(id, 'notification', { title: 'hello' });
      expect(answer.status).toBeLessThan(300);
      expect(answer.json).toEqual({ reached: 0 });
    }
  });

  test.each(OWN_TYPES)('EVENT-3: the protocol\'s own type "%s" is refused with a clear error', async (type) => {
    const { client, user } = await server.guest();
    const answer = await tell(user.id, type, { x: 1 });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain(type);
    const toFollowers = await server.command(`/api/users/${user.id}/followers/events`, { type, data: {} });
    expect(toFollowers.status).toBe(400);
    expect(await client.barrier()).toEqual([]);
  });

  test.each<[string, unknown]>([
    ['missing', undefined],
    ['empty', ''],
    ['a number', 1],
    ['null', null],
    ['an array', ['notification']],
  ])('EVENT-3: a type that is %s is refused', async (_what, type) => {
    const { client, user } = await server.guest();
    expect((await tell(user.id, type, {})).status).toBe(400);
    expect(await client.barrier()).toEqual([]);
  });

  test.each(['abc', '1.5', '0x1', '1e3', '%00'])(
    'EVENT-1: "%s" as user id is a bad request, not a fault',
    async (id) => {
      const answer = await server.command(`/api/users/${id}/events`, { type: 'notification', data: {} });
      expect([400, 404]).toContain(answer.status);
    },
  );

  test.each(['-1', '0', '4294967296', '99999999999999999999'])(
    'EVENT-4: "%s" as user id is nobody, not a fault',
    async (id) => {
      for (const path of ['events', 'followers/events']) {
        const answer = await server.command(`/api/users/${id}/${path}`, { type: 'notification', data: {} });
        if (answer.status < 300) expect(answer.json).toEqual({ reached: 0 });
        else expect([400, 404]).toContain(answer.status);
      }
    },
  );

  test.each(['events', 'followers/events', 'disconnect'])('Endpoint %s does nothing without the key', async (path) => {
    const { client, user } = await server.guest();
    const body = { type: 'notification', data: {} };
    const url = `/api/users/${user.id}/${path}`;
    for (const headers of [
      {},
      { 'x-api-key': '' },
      { 'x-api-key': 'wrong' },
      { authorization: `Bearer ${user.token}` },
    ]) {
      const answer = await server.post(url, body, headers);
      expect([401, 403]).toContain(answer.status);
    }
    expect(await client.barrier()).toEqual([]);
  });
});

describeServer('Events to followers', { needs: ['api key', 'rows'] }, (server) => {
  let star: TestUser, fan: TestUser, absentFan: TestUser, stranger: TestUser;
  beforeAll(async () => {
    [star, fan, absentFan, stranger] = [
      await server.makeUser('star'),
      await server.makeUser('fan'),
      await server.makeUser('absent'),
      await server.makeUser('stranger'),
    ];
    await server.arrange(async (sql) => {
      await follow(sql, fan, star);
      await follow(sql, absentFan, star);
      await follow(sql, star, stranger);
    });
  }, 90_000);

  test('EVENT-2, EVENT-4: an event reaches every connection of every follower once, and nobody else', async () => {
    const [first, second] = [await server.connectAs(fan), await server.connectAs(fan)];
    const [ofStar, ofStranger] = [await server.connectAs(star), await server.connectAs(stranger)];
    const roomSlug = unique('room');
    for (const client of [first, ofStar]) await client.join(roomSlug);
    first.takeAll();
    const data = { postId: 789, content: 'Just posted something new!' };
    const answer = await server.command(`/api/users/${star.id}/followers/events`, { type: 'user_post_created', data });
    expect(answer.status).toBeLessThan(300);
    expect(answer.json).toEqual({ reached: 2 });
    for (const client of [first, second]) {
      expect(await client.nextOfType('user_post_created')).toEqual(eventFrame('user_post_created', data));
      expect((await client.barrier()).map(({ type }) => type)).not.toContain('user_post_created');
    }
    for (const client of [ofStar, ofStranger]) {
      expect((await client.barrier()).map(({ type }) => type)).not.toContain('user_post_created');
    }
  });

  test('EVENT-4: a user whose followers are all away reaches 0', async () => {
    for (const { id } of [star, fan]) {
      // Another node may not know yet that the connections of the tests before have ended.
      await eventually('Nobody is reached', async () => {
        const path = `/api/users/${id}/followers/events`;
        const answer = await server.command(path, { type: 'user_post_created', data: {} });
        return (answer.json as { reached: number }).reached === 0 || undefined;
      });
    }
  });
});

describeOwnServer('Events without an API key', { environment: { API_KEY: undefined }, on: 'one' }, (server) => {
  test.each(['events', 'followers/events', 'disconnect'])('Endpoint %s is off without API_KEY', async (path) => {
    const { client, user } = await server.guest();
    for (const key of ['', 'undefined', server.apiKey]) {
      const body = { type: 'notification', data: {} };
      const answer = await server.post(`/api/users/${user.id}/${path}`, body, { 'x-api-key': key });
      expect([401, 403, 404]).toContain(answer.status);
    }
    expect(await client.barrier()).toEqual([]);
  });
});
