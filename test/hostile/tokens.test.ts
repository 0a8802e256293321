import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createServer } from 'node:http';
import { freePort } from '../../scripts/free-port.mjs';
import { REJECTED, rejection } from '../support/rejection.js';
import { insertUser } from '../support/rows.js';
import { authError, type Person } from '../support/server-frames.js';
import { describeOwnServer } from '../support/suite.js';
import { claimsFor, signToken } from '../support/tokens.js';
import { describeAttacksOnOwn } from './attacks.js';
import { TOKENS, type TokenRow } from './token-rows.js';

describe('Hostile tokens', () => {
  /** Nobody may ask it: it is only named in tokens. */
  const trap = createServer((_request, response) => {
    asked += 1;
    response.end('{"keys":[]}');
  });
  let asked = 0;
  let trapUrl = '';
  beforeAll(async () => {
    const port = await freePort();
    await new Promise<void>((resolve) => trap.listen(port, '127.0.0.1', resolve));
    trapUrl = `http://127.0.0.1:${port}/jwks.json`;
  });
  afterAll(() => {
    trap.close();
    expect(asked).toBe(0);
  });

  let user: Person;
  describeAttacksOnOwn<TokenRow>(
    'Tokens',
    { environment: { AUTH_FAILURE_DELAY_MS: '0' }, on: 'one' },
    {
      rows: TOKENS,
      prepare: async (server) => void (user = await server.makeUser('victim')),
      attack: async ({ token }, server) => {
        const text = token(user.id, trapUrl);
        expect(await rejection(server, text)).toMatchObject(REJECTED);
        expect((await server.get('/ws/stats', text.replace(/\s/g, ''))).status).toBeGreaterThanOrEqual(400);
        expect(asked).toBe(0);
      },
    },
  );
});

/** From the request to the answer. */
async function answerTime(server: Parameters<typeof rejection>[0], token: string): Promise<number> {
  const client = await server.connect();
  const sentAt = performance.now();
  client.send({ type: 'auth', token });
  expect(await client.next()).toEqual(authError());
  return performance.now() - sentAt;
}

describeOwnServer('Failures to authenticate', {}, (server) => {
  test('AUTH-3: forged, unknown and inactive are answered alike, and none at once', async () => {
    const inactive = await server.arrange(async (sql) => insertUser(sql, { isActive: false }));
    const tokens = [
      await signToken(claimsFor(inactive.id), { key: 'x'.repeat(48) }),
      await signToken(claimsFor(2_000_000_000)),
      await signToken(claimsFor(inactive.id)),
    ];
    for (const token of tokens) expect(await answerTime(server, token)).toBeGreaterThan(95);
  });

  test('repeated failures of one address are answered ever later, a good token between them at once', async () => {
    const { token } = await server.makeUser();
    const forged = await signToken(claimsFor(1), { key: 'x'.repeat(48) });
    const times = await Promise.all(Array.from({ length: 60 }, async () => answerTime(server, forged)));
    const client = await server.connectAs({ token });
    expect(await client.barrier()).toEqual([]);
    expect(Math.max(...times)).toBeGreaterThan(Math.min(...times) + 500);
  });
});
