import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Overview } from '../../src/admin/overview.js';
import type { UserDetails, UserSearch } from '../../src/admin/user-views.js';
import { anyTimestamp } from '../support/matchers.js';
import { setRole } from '../support/rows.js';
import type { TestUser } from '../support/server.js';
import { describeOwnServer } from '../support/suite.js';
import { unique } from '../support/unique.js';
import { eventually } from '../support/waiting.js';

/** Samples are taken every 5 s, and other nodes are told of them. */
const SOON = { within: 30_000, every: 500 };

// A server of its own: the overview is of everyone who is connected.
describeOwnServer('What the dashboard asks', { environment: { AUTH_TIMEOUT_MS: '60000' } }, (server) => {
  let admin: TestUser, guest: TestUser;
  beforeAll(async () => {
    [admin, guest] = [await server.makeUser('admin'), await server.makeUser()];
    await server.arrange(async (sql) => setRole(sql, admin, 'admin'));
  }, 90_000);

  async function ask<T>(path: string): Promise<T> {
    const answer = await server.get(path, admin.token);
    expect(answer.status).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
    return answer.json as T;
  }

  const overview = async () => ask<Overview>('/admin/overview');
  const disconnect = async (id: number | string, token = admin.token) =>
    server.post(`/admin/users/${id}/disconnect`, {}, { authorization: `Bearer ${token}` });
  const nodeCount = () => Math.max(server.nodePorts.length, 1);
  const samplesOf = ({ nodes }: Overview) => nodes.flatMap(({ samples }) => samples);
  const newestOf = ({ nodes }: Overview) => nodes.flatMap(({ samples }) => samples.at(-1) ?? []);

  describe('who may ask', () => {
    const PATHS = ['/admin/overview', '/admin/users?search=a', '/admin/users/1'];

    test.each(PATHS)('%s: 401 without a good token, 403 for who is no admin', async (path) => {
      expect((await server.get(path)).status).toBe(401);
      expect((await server.get(path, 'not.a.token')).status).toBe(401);
      expect((await server.get(`${path}${path.includes('?') ? '&' : '?'}token=${admin.token}`)).status).toBe(401);
      expect((await server.get(path, guest.token)).status).toBe(403);
    });

    test('nobody else disconnects anybody', async () => {
      const { client, user } = await server.guest();
      expect((await server.post(`/admin/users/${user.id}/disconnect`, {})).status).toBe(401);
      expect((await disconnect(user.id, guest.token)).status).toBe(403);
      expect(await client.barrier()).toEqual([]);
    });
  });

  describe('the page', () => {
    test('GET /admin leads to it, and its parts are beside it', async () => {
      const answer = await server.get('/admin');
      expect(answer.status).toBe(301);
      expect(answer.headers.location).toBe('/admin/');
      const page = await server.get('/admin/');
      expect(page.headers['content-security-policy']).toMatch(/^default-src 'self'/);
      for (const [, part] of page.text.matchAll(/(?:src|href)="([^"]+)"/g)) {
        const { pathname } = new URL(part!, `${server.url}/admin/`);
        expect((await server.get(pathname)).status).toBe(200);
      }
    });
  });

  describe('GET /admin/overview', () => {
    test('every node is in it, alive, with its samples', async () => {
      const all = await eventually(
        'All nodes have reported',
        async () => {
          const answers = [await overview(), await overview()];
          return answers.every((answer) => newestOf(answer).length === nodeCount()) ? answers[0] : undefined;
        },
        SOON,
      );
      expect(all).toMatchObject({ now: anyTimestamp, isClustered: nodeCount() > 1, isWhole: true, rooms: [] });
      expect(all.nodes.map(({ id }) => id)).toContain(all.nodeId);
      for (const node of all.nodes) {
        expect(node).toMatchObject({ state: 'alive', version: '0.1.0', heardAt: anyTimestamp });
        const [sample] = node.samples;
        expect(sample).toMatchObject({ isDatabaseUp: true, isRedisUp: nodeCount() > 1, isDraining: false });
        expect(sample!.at % 5_000).toBe(0);
        expect(sample!.ackCounts).toHaveLength(all.ackBoundsMs.length + 1);
        expect(sample!.heapBytes).toBeLessThan(node.heapLimitBytes);
      }
    });

    test('it tells what happened: connections, rooms, messages, deliveries, latency', async () => {
      const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
      const acknowledged = (answer: Overview) => sum(samplesOf(answer).flatMap(({ ackCounts }) => ackCounts));
      const committed = (answer: Overview) => sum(samplesOf(answer).map((each) => each.messagesPerSecond));
      const delivered = (answer: Overview) => sum(samplesOf(answer).map((each) => each.deliveriesPerSecond));
      const before = acknowledged(await overview());
      const roomSlug = unique('room');
      const { ana, bob } = await server.members(roomSlug, 'ana', 'bob');
      await server.connect();
      for (let i = 0; i < 10; i += 1) await ana.client.say(roomSlug, `Hola ${i}`);
      await bob.client.nextOfType('new_message');
      const told = await eventually(
        'It is told',
        async () => {
          const answer = await overview();
          const open = sum(newestOf(answer).map(({ connections }) => connections));
          const isDelivered = delivered(answer) > committed(answer);
          // Of a room's messages a node knows only when somebody of it is there.
          const isCounted = answer.rooms.every(({ messagesPerSecond }) => messagesPerSecond !== null);
          return acknowledged(answer) - before >= 10 && isDelivered && isCounted && open === 3 ? answer : undefined;
        },
        SOON,
      );
      expect(acknowledged(told) - before).toBe(10);
      expect(sum(newestOf(told).map(({ authenticated }) => authenticated))).toBe(2);
      const busy = samplesOf(told).find(({ ackP50Ms }) => ackP50Ms !== null);
      expect(busy!.ackP99Ms).toBeGreaterThanOrEqual(busy!.ackP50Ms!);
      expect(told.totalRooms).toBe(1);
      expect(told.rooms).toEqual([{ slug: roomSlug, userCount: 2, messagesPerSecond: expect.anything() }]);
    });

    test('since: only what is later', async () => {
      const { now, nodes } = await overview();
      const later = await ask<Overview>(`/admin/overview?since=${now - 1}`);
      expect(samplesOf(later).every(({ at }) => at >= now)).toBe(true);
      expect(later.nodes).toHaveLength(nodes.length);
    });

    test.each(['abc', '-1', '1.5', '', '99999999999999999999'])('since=%s is a bad request', async (since) => {
      const answer = await server.get(`/admin/overview?since=${since}`, admin.token);
      expect(answer.status).toBe(400);
      expect(answer.text).toContain('since');
    });
  });

  describe('GET /admin/users', () => {
    /** What is told of a user once every node knows of so many connections; asked twice, of each node where there are two. */
    async function connectedAs({ id }: TestUser, connections: number): Promise<UserDetails[]> {
      const total = (details: UserDetails) =>
        details.elsewhere.reduce((sum, node) => sum + node.connections, details.connections.length);
      return eventually('All nodes know of the connections', async () => {
        const answers = [await ask<UserDetails>(`/admin/users/${id}`), await ask<UserDetails>(`/admin/users/${id}`)];
        return answers.every((details) => total(details) === connections) ? answers : undefined;
      });
    }

    test('finds by the beginning of a username, in any case of letters, and by id', async () => {
      const prefix = unique('Tanguera');
      const [first, second] = [await server.makeUser(`${prefix}a`), await server.makeUser(`${prefix}b`)];
      await server.connectAs(second);
      const find = async (search: string) =>
        (await ask<UserSearch>(`/admin/users?search=${encodeURIComponent(search)}`)).users;
      const found = await eventually('Both are found', async () => {
        const users = await find(` ${prefix.toLowerCase()}`);
        return users.some(({ connections }) => connections === 1) ? users : undefined;
      });
      const shown = ({ id, username, name }: TestUser) => ({ id, username, name, isActive: true, role: 'user' });
      expect(found).toEqual([
        { ...shown(first), connections: 0 },
        { ...shown(second), connections: 1 },
      ]);
      expect((await find(String(first.id)))[0]).toMatchObject({ id: first.id });
      expect(await find(unique('nobody'))).toEqual([]);
      expect(await find('%')).toEqual([]);
    });

    test.each(['', '?search=', '?search=%20', '?search=a%00b', `?search=${'x'.repeat(65)}`, '?search=a&search=b'])(
      '%s is a bad request, not a fault',
      async (query) => {
        const answer = await server.get(`/admin/users${query}`, admin.token);
        expect(answer.status).toBe(400);
        expect(answer.text).toContain('search must be');
      },
    );

    test('a user has connections, each with its rooms, or their number on another node', async () => {
      const { client, user } = await server.guest();
      const roomSlug = unique('room');
      await client.join(roomSlug);
      const answers = await connectedAs(user, 1);
      for (const { user: shown, nodeId, connections, elsewhere } of answers) {
        expect(shown).toMatchObject({ id: user.id, username: user.username, role: 'user', isActive: true });
        if (elsewhere.length > 0)
          expect(elsewhere).toEqual([{ nodeId: expect.not.stringMatching(nodeId), connections: 1 }]);
        else expect(connections).toEqual([{ since: anyTimestamp, idleMs: expect.any(Number), rooms: [roomSlug] }]);
      }
      const here = answers.filter(({ connections }) => connections.length > 0);
      expect(here).toHaveLength(2 / nodeCount());
    });

    test('a user who is not there is 404, an id that is none 400', async () => {
      expect((await server.get('/admin/users/2000000000', admin.token)).status).toBe(404);
      expect((await server.get('/admin/users/4294967296', admin.token)).status).toBe(404);
      expect((await server.get('/admin/users/abc', admin.token)).status).toBe(400);
      expect((await disconnect('abc')).status).toBe(400);
    });

    test('disconnect closes every connection of the user with 4401, and no other', async () => {
      const { ana, bob } = await server.guests('ana', 'bob');
      const second = await server.connectAs(ana.user);
      await connectedAs(ana.user, 2);
      const answer = await disconnect(ana.user.id);
      expect(answer.status).toBe(200);
      expect(answer.json).toEqual({ reached: 2 });
      for (const client of [ana.client, second]) expect(await client.end()).toMatchObject({ code: 4401 });
      expect(await bob.client.barrier()).toEqual([]);
      expect((await disconnect(2_000_000_000)).json).toEqual({ reached: 0 });
    });
  });
});
