import { beforeAll, describe, expect, test } from '@jest/globals';
import { exchange, upgradeRequest } from '../support/raw-http.js';
import type { TestServer, TestUser } from '../support/server.js';
import { describeOwnServer } from '../support/suite.js';
import { unique } from '../support/unique.js';
import { eventually } from '../support/waiting.js';
import type { TestClient } from '../support/ws-client.js';
import { describeAttacksOnOwn } from './attacks.js';
import { DIAL_LIMITS, DIALS, FLOODS, type DialRow, type FloodRow } from './flood-rows.js';

const MOST_ROUNDS = 400;

describeAttacksOnOwn<FloodRow>(
  'Floods',
  { environment: { RATE_LIMIT_PER_SECOND: '20', RATE_LIMIT_BURST: '60', LOG_LEVEL: 'debug' }, on: 'one' },
  {
    rows: FLOODS,
    attack: async ({ bytes, asStranger = false, tabs = 1 }, server) => {
      const user = await server.makeUser('mallory');
      const roomSlug = unique('flooded');
      const clients: TestClient[] = [];
      for (let i = 0; i < tabs; i += 1) {
        const client = asStranger ? await server.connect() : await server.connectAs(user);
        if (!asStranger) await client.join(roomSlug);
        clients.push(client);
      }
      const logged = server.output.length;
      for (let round = 0; round < MOST_ROUNDS && clients.some(({ isOpen }) => isOpen); round += 1) {
        for (const client of clients) if (client.isOpen) client.writeRaw(bytes(roomSlug, round));
        await new Promise(setImmediate);
      }
      for (const client of clients) expect(await client.end()).toMatchObject({ code: 4429 });
      expect(server.output.length - logged).toBeLessThan(2_000);
    },
  },
);

/** @returns the clients that got in, and the answers to the others */
async function dial(server: TestServer, user: TestUser, row: DialRow): Promise<[TestClient[], number[]]> {
  const clients: TestClient[] = [];
  const refusals: number[] = [];
  for (let i = 0; i < row.dials; i += 1) {
    const headers: Record<string, string> =
      row.forwarded === undefined ? {} : { 'X-Forwarded-For': row.forwarded(i), 'X-Real-IP': `192.0.2.${i}` };
    try {
      const client = await server.connect({ headers });
      clients.push(client);
      if (row.authenticates) await client.authenticate(user.token);
      if (row.closes) await client.close();
    } catch (error) {
      refusals.push(Number(/response: (\d+)/.exec(String(error))?.[1]));
    }
  }
  return [clients, refusals];
}

describe('Dials', () => {
  let user: TestUser;
  describeAttacksOnOwn<DialRow>(
    'of many addresses behind a proxy',
    { environment: { ...DIAL_LIMITS, TRUST_PROXY: 'true' }, on: 'one' },
    {
      rows: DIALS,
      prepare: async (server) => void (user = await server.makeUser('mallory')),
      attack: async (row, server) => {
        const [clients, refusals] = await dial(server, user, row);
        // A token of the bucket comes back each second, and takes a while on a slow machine.
        expect(clients.length).toBeGreaterThanOrEqual(row.admitted);
        expect(clients.length).toBeLessThanOrEqual(row.closes ? row.admitted + 10 : row.admitted);
        expect(new Set(refusals)).toEqual(new Set([row.status]));
        await server.sendEveryoneHome();
        await eventually('Their places are free', async () => {
          const { text } = await server.get('/metrics');
          return /^milonga_connections 2$/m.test(text) || undefined;
        });
      },
    },
  );
});

describeOwnServer(
  'Dials without a proxy',
  { environment: { MAX_CONNECTIONS_PER_ADDRESS: '20', MAX_UNAUTHENTICATED_CONNECTIONS: '0' }, on: 'one' },
  (server) => {
    test('X-Forwarded-For counts for nothing: all are of one address', async () => {
      const user = await server.makeUser();
      const row = { lesson: '', what: '', dials: 30, admitted: 20, status: 429 };
      const [clients, refusals] = await dial(server, user, { ...row, forwarded: (i) => `203.0.113.${i}` });
      expect([clients.length, refusals]).toEqual([20, Array(10).fill(429)]);
    });

    test('the refusal is a whole response that says when to come again', async () => {
      for (let i = 0; i < 20; i += 1) await server.connect();
      const answer = await exchange(server.url, upgradeRequest(server.url, '/'));
      expect(answer).toMatchObject({ status: 429, isWhole: true, wasReset: false });
      expect(answer.headers.get('retry-after')).toBe('5');
    });
  },
);

describeOwnServer('Thousands of dials at once', { on: 'one' }, (server) => {
  let statuses: number[];
  beforeAll(async () => {
    const kinds = [
      upgradeRequest(server.url, '/'),
      upgradeRequest(server.url, '/nope'),
      upgradeRequest(server.url, '/', { Host: 'a b' }),
      upgradeRequest(server.url, '/', { 'Sec-WebSocket-Version': '8' }),
      'GET / HTTP/9.9\r\n\r\n',
    ];
    const dials = Array.from({ length: 3_000 }, async (_, i) => exchange(server.url, kinds[i % kinds.length]!));
    const answers = await Promise.all(dials);
    expect(answers.filter(({ isWhole, wasReset }) => !isWhole || wasReset)).toEqual([]);
    statuses = answers.map(({ status }) => status);
  }, 90_000);

  test.each([
    ['good ones are let in', 101],
    ['of another path', 404],
    ['of a malformed Host, and no HTTP at all', 400],
    ['of another version', 426],
  ])('CONN-1, CONN-4: %s', (_what, status) => {
    expect(statuses.filter((each) => each === status)).toHaveLength(status === 400 ? 1_200 : 600);
  });

  test('afterwards somebody new is served', async () => {
    const { client } = await server.guest();
    expect(await client.barrier()).toEqual([]);
  });
});
