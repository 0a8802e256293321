import { beforeAll, describe, expect, test } from '@jest/globals';
import { setRole } from '../support/rows.js';
import type { TestUser } from '../support/server.js';
import { describeOwnServer } from '../support/suite.js';
import { claimsFor, secondsFromNow, signToken } from '../support/tokens.js';
import { unique } from '../support/unique.js';
import { eventually } from '../support/waiting.js';

interface Stats {
  readonly totalConnections: number;
  readonly totalRooms: number;
  readonly rooms: readonly { readonly slug: string; readonly userCount: number }[];
}

// A server of its own: the totals are of everyone who is connected.
describeOwnServer('Stats', {}, (server) => {
  let admin: TestUser, guest: TestUser, formerAdmin: TestUser;
  beforeAll(async () => {
    [admin, guest, formerAdmin] = [await server.makeUser(), await server.makeUser(), await server.makeUser()];
    await server.arrange(async (sql) => {
      await setRole(sql, admin, 'admin');
      await setRole(sql, formerAdmin, 'admin');
      await sql('UPDATE users SET is_active = false WHERE id = $1', [formerAdmin.id]);
    });
  }, 90_000);

  const sorted = ({ rooms, ...totals }: Stats) => ({
    ...totals,
    rooms: [...rooms].sort((a, b) => a.slug.localeCompare(b.slug)),
  });

  async function stats(): Promise<Stats> {
    const answer = await server.get('/ws/stats', admin.token);
    expect(answer.status).toBe(200);
    return answer.json as Stats;
  }

  /** Stats become true within 5 s of a clean change (P8). */
  async function expectSoon(expected: Stats): Promise<void> {
    const matches = async () => {
      // Twice, because where there are two nodes each is asked every other time.
      const answers = [await stats(), await stats()].map((answer) => JSON.stringify(sorted(answer)));
      return answers.every((answer) => answer === JSON.stringify(sorted(expected))) ? true : undefined;
    };
    await eventually('The stats are true', matches, { within: 8_000 }).catch(() => undefined);
    expect(sorted(await stats())).toEqual(sorted(expected));
  }

  test('STAT-1: with nobody there, all is zero', async () => {
    await expectSoon({ totalConnections: 0, totalRooms: 0, rooms: [] });
  });

  test('STAT-1: connections are counted, and distinct users per room; empty rooms are not listed', async () => {
    const [first, second] = [unique('room'), unique('room')];
    const { ana, bob } = await server.members(first, 'ana', 'bob');
    const secondOfAna = await server.connectAs(ana.user);
    await secondOfAna.join(first);
    await secondOfAna.join(second);
    await expectSoon({
      totalConnections: 3,
      totalRooms: 2,
      rooms: [
        { slug: first, userCount: 2 },
        { slug: second, userCount: 1 },
      ],
    });
    await secondOfAna.leave(second);
    await bob.client.close(1000);
    await expectSoon({ totalConnections: 2, totalRooms: 1, rooms: [{ slug: first, userCount: 1 }] });
  });

  describe('STAT-2: who may ask', () => {
    test('STAT-2: an admin by the Bearer token, whose scheme is of any case', async () => {
      expect((await server.get('/ws/stats', admin.token)).status).toBe(200);
    });

    test.each<[string, () => string | undefined | Promise<string>]>([
      ['no token', () => undefined],
      ['a bad token', () => 'not.a.token'],
      ['a token of another secret', async () => signToken(claimsFor(admin.id), { key: 'x'.repeat(48) })],
      ['an expired token', async () => signToken(claimsFor(admin.id, { exp: secondsFromNow(-60) }))],
      ['a token of an unknown user', async () => signToken(claimsFor(2_000_000_000))],
      ['a token of an inactive admin', () => formerAdmin.token],
    ])('STAT-2: %s is 401', async (_what, tokenOf) => {
      const answer = await server.get('/ws/stats', await tokenOf());
      expect(answer.status).toBe(401);
      expect(answer.text).not.toContain('totalConnections');
    });

    test('STAT-2: a token under another scheme or in the query is 401', async () => {
      expect((await server.get(`/ws/stats?token=${admin.token}`)).status).toBe(401);
    });

    test('STAT-2: another user is 403', async () => {
      const answer = await server.get('/ws/stats', guest.token);
      expect(answer.status).toBe(403);
      expect(answer.text).not.toContain('totalConnections');
    });

    test('STAT-2: a role in the token makes no admin', async () => {
      const token = await signToken(claimsFor(guest.id, { role: 'admin', roles: ['admin'] }));
      expect((await server.get('/ws/stats', token)).status).toBe(403);
    });
  });
});
