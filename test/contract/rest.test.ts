import { beforeAll, describe, expect, test } from '@jest/globals';
import { anyId, anyText } from '../support/matchers.js';
import { authSuccess } from '../support/server-frames.js';
import type { TestUser } from '../support/server.js';
import { describeOwnServer, describeServer } from '../support/suite.js';
import { unique } from '../support/unique.js';
import { auth } from '../support/client-frames.js';
import { dataOf } from '../support/ws-client.js';

describeServer('Health and metrics', {}, (server) => {
  test.each(['/health/live', '/health/ready'])('%s is 200 for anyone', async (path) => {
    expect((await server.get(path)).status).toBe(200);
  });

  test('/metrics gives Prometheus text', async () => {
    const answer = await server.get('/metrics');
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toMatch(/^text\/plain/);
    expect(answer.text).toMatch(/^# TYPE \w*connections\w* gauge$/m);
    expect(answer.text).toMatch(/^# TYPE \w*messages\w* counter$/m);
  });

  test.each([
    ['milonga_connections', 'gauge'],
    ['milonga_rooms', 'gauge'],
    ['milonga_frames_in_total', 'counter'],
    ['milonga_frames_out_total', 'counter'],
    ['milonga_messages_stored_total', 'counter'],
    ['milonga_deliveries_total', 'counter'],
    ['milonga_batch_size_messages', 'histogram'],
    ['milonga_ack_latency_seconds', 'histogram'],
    ['nodejs_eventloop_lag_p99_seconds', 'gauge'],
    ['milonga_buffer_sheds_total', 'counter'],
    ['milonga_slow_clients_cut_total', 'counter'],
    ['milonga_rate_limited_total', 'counter'],
    ['milonga_bus_gaps_filled_total', 'counter'],
    ['milonga_database_up', 'gauge'],
  ])('/metrics has %s, a %s', async (name, kind) => {
    expect((await server.get('/metrics')).text).toMatch(new RegExp(`^# TYPE ${name} ${kind}$`, 'm'));
  });

  test('LIMIT-4: an unknown path is a plain 404, without a stack or a file', async () => {
    const answer = await server.get('/no/such/path');
    expect(answer.status).toBe(404);
    expect(answer.text).not.toMatch(/node_modules|at \w+.*\(|\.js:\d/);
  });
});

describeServer('Demo login', {}, (server) => {
  test('POST /auth/demo makes a user, whose token is good', async () => {
    const username = unique('ana');
    const answer = await server.post('/auth/demo', { username, name: 'Ana Pérez' });
    expect(answer.status).toBeLessThan(300);
    expect(answer.json).toEqual({ token: anyText, user: { id: anyId, username, name: 'Ana Pérez' } });
    const { token, user } = answer.json as TestUser & { user: TestUser };
    const client = await server.connect();
    client.send(auth(token));
    expect(await client.next()).toEqual(authSuccess(user));
  });

  test('POST /auth/demo gives the same user for the same username', async () => {
    const username = unique('ana');
    const [first, again] = [
      await server.post('/auth/demo', { username, name: 'Ana' }),
      await server.post('/auth/demo', { username }),
    ];
    expect((again.json as { user: TestUser }).user).toMatchObject({
      id: (first.json as { user: TestUser }).user.id,
      username,
    });
  });

  test('POST /auth/demo needs no name', async () => {
    const answer = await server.post('/auth/demo', { username: unique('ana') });
    expect(answer.json).toMatchObject({ user: { name: anyText } });
  });

  test('POST /auth/demo for one name at the same time makes one user', async () => {
    const username = unique('ana');
    const answers = await Promise.all(Array.from({ length: 8 }, async () => server.post('/auth/demo', { username })));
    const ids = answers.map(({ json }) => (json as { user: TestUser }).user.id);
    expect(new Set(ids).size).toBe(1);
  });

  test.each<[string, unknown]>([
    ['no body', undefined],
    ['no username', {}],
    ['an empty username', { username: '' }],
    ['a number as username', { username: 1 }],
    ['an object as username', { username: { $ne: null } }],
    ['a NUL in the username', { username: 'a\u0000b' }],
    ['a username of 100,000 characters', { username: 'x'.repeat(100_000) }],
    ['a number as name', { username: 'ana', name: 1 }],
  ])('POST /auth/demo with %s is a bad request, not a fault', async (_what, body) => {
    const answer = await server.post('/auth/demo', body);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
  });
});

describeOwnServer('Demo login switched off', { environment: { DEMO_LOGIN: 'false' }, on: 'one' }, (server) => {
  test('POST /auth/demo is 404', async () => {
    expect((await server.post('/auth/demo', { username: 'ana' })).status).toBe(404);
  });
});

describeOwnServer(
  'Demo login in production',
  { environment: { NODE_ENV: 'production', DEMO_LOGIN: undefined }, on: 'one' },
  (server) => {
    test('POST /auth/demo is 404 unless switched on', async () => {
      expect((await server.post('/auth/demo', { username: 'ana' })).status).toBe(404);
    });
  },
);

describeServer('History', {}, (server) => {
  const roomSlug = unique('room');
  const path = `/rooms/${roomSlug}/messages`;
  let ana: TestUser;
  let said: Readonly<Record<string, unknown>>[];

  beforeAll(async () => {
    ana = await server.makeUser('ana');
    const client = await server.connectAs(ana);
    await client.join(roomSlug);
    said = [];
    for (const text of ['one', 'two', 'three', 'four', 'five']) {
      const [, own] = await client.say(roomSlug, text);
      said.push(dataOf(own));
    }
  });

  async function page(query: string): Promise<{ texts: unknown[]; hasMore: boolean }> {
    // A member of the public room: the one connection of the test before is closed.
    const client = await server.connectAs(ana);
    await client.join(roomSlug);
    const answer = await server.get(`${path}${query}`, ana.token);
    expect(answer.status).toBe(200);
    const { messages, hasMore } = answer.json as { messages: { message: string }[]; hasMore: boolean };
    return { texts: messages.map(({ message }) => message), hasMore };
  }

  const id = (index: number) => Number(said[index]?.['id']);

  test('GET /rooms/:slug/messages gives all of a short history, oldest first, as new_message showed them', async () => {
    expect(await page('')).toEqual({ texts: ['one', 'two', 'three', 'four', 'five'], hasMore: false });
    const answer = await server.get(path, ana.token);
    expect(answer.json).toMatchObject({ messages: said, hasMore: false });
  });

  test('limit: the newest so many', async () => {
    expect(await page('?limit=2')).toEqual({ texts: ['four', 'five'], hasMore: true });
    expect(await page('?limit=5')).toEqual({ texts: ['one', 'two', 'three', 'four', 'five'], hasMore: false });
  });

  test('before: the newest of the older ones', async () => {
    expect(await page(`?before=${id(3)}&limit=2`)).toEqual({ texts: ['two', 'three'], hasMore: true });
    expect(await page(`?before=${id(1)}`)).toEqual({ texts: ['one'], hasMore: false });
    expect(await page(`?before=${id(0)}`)).toEqual({ texts: [], hasMore: false });
  });

  test('after: the oldest of the newer ones', async () => {
    expect(await page(`?after=${id(0)}&limit=2`)).toEqual({ texts: ['two', 'three'], hasMore: true });
    expect(await page(`?after=${id(2)}&limit=2`)).toEqual({ texts: ['four', 'five'], hasMore: false });
    expect(await page(`?after=${id(4)}`)).toEqual({ texts: [], hasMore: false });
  });

  describe('who and how', () => {
    test.each([
      ['no token', undefined],
      ['a bad token', 'not.a.token'],
    ])('%s is 401', async (_what, token) => {
      const answer = await server.get(path, token);
      expect(answer.status).toBe(401);
      expect(answer.text).not.toContain('three');
    });

    test('a room that does not exist is an error of the client, and is not made by asking', async () => {
      const missing = unique('missing');
      expect([403, 404]).toContain((await server.get(`/rooms/${missing}/messages`, ana.token)).status);
      expect([403, 404]).toContain((await server.get(`/rooms/${missing}/messages`, ana.token)).status);
    });

    test.each(['%00', '%20', '..%2f..', 'A', 'x'.repeat(65)])('/rooms/%s is not found, and no fault', async (slug) => {
      expect((await server.get(`/rooms/${slug}/messages`, ana.token)).status).toBe(404);
    });

    test.each(['?limit=abc', '?limit=-1', '?before=abc', '?after=1.5', '?before=99999999999999999999'])(
      '%s is a bad request, not a fault',
      async (query) => {
        const answer = await server.get(`${path}${query}`, ana.token);
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(answer.status).toBeLessThan(500);
      },
    );
  });
});
