import { expect, test } from '@jest/globals';
import { auth2 } from '../support/client-frames.js';
import { describeOwnServer, describeServer } from '../support/suite.js';
import { claimsFor, secondsFromNow, signToken } from '../support/tokens.js';
import { eventually } from '../support/waiting.js';
import type { Frame } from '../support/ws-client.js';

const NOTICE_S = 60;
const DRAIN_MS = 4_000;
const CLIENTS = 12;

describeServer('Being told of expiry', { needs: ['secret'], on: 'one' }, (server) => {
  async function tokenFor(id: number, seconds: number) {
    const exp = secondsFromNow(seconds);
    return {
      token: await signToken(claimsFor(id, { exp })),
      notice: { type: 'token_expiring', expiresAt: exp * 1_000 },
    };
  }

  test('TOLD-1: 60 s before exp, once for each token; v1 connections are not told', async () => {
    const user = await server.makeUser();
    const [first, second, third] = [
      await tokenFor(user.id, NOTICE_S + 3),
      await tokenFor(user.id, NOTICE_S + 5),
      await tokenFor(user.id, NOTICE_S + 3_600),
    ];
    const client = await server.connect2(first);
    const v1 = await server.connectAs(first);
    expect(await client.next()).toEqual(first.notice);
    expect(Date.now()).toBeGreaterThanOrEqual(first.notice.expiresAt - NOTICE_S * 1_000);
    client.sendTogether(auth2(first.token), auth2(second.token));
    expect((await client.nextFew(2)).map(({ type }) => type)).toEqual(['auth_success', 'auth_success']);
    expect(await client.next()).toEqual(second.notice);
    client.send(auth2(third.token));
    await client.nextOfType('auth_success');

    // Another connection of the same server is told of a shorter one meanwhile: the check has come round.
    const other = await server.connect2(await tokenFor(user.id, 30));
    expect(await other.next()).toMatchObject({ type: 'token_expiring' });
    expect(await client.barrier()).toEqual([]);
    expect(await v1.barrier()).toEqual([]);
  });

  test('TOLD-1: a token that lives shorter than that is told of at once', async () => {
    const user = await server.makeUser();
    const { token, notice } = await tokenFor(user.id, 20);
    const client = await server.connect2({ token });
    expect(await client.next()).toEqual(notice);
  });
});

describeOwnServer('Being told of a drain', { environment: { DRAIN_TIMEOUT_MS: String(DRAIN_MS) } }, (server) => {
  test('TOLD-2: every connection gets a slot of its own in the drain time, then 1012; v1 ones only that', async () => {
    const user = await server.makeUser();
    const v1 = await server.connectAs(user);
    const unauthenticated = await server.connect();
    const clients = await Promise.all(
      Array.from({ length: CLIENTS }, async () => server.connect2(await server.makeUser())),
    );
    server.process.signal('SIGTERM');
    const notices: Frame[] = [];
    for (const client of clients) {
      notices.push(await client.next());
      expect(await client.end()).toMatchObject({ code: 1012 });
      expect(client.takeAll()).toEqual([]);
    }
    expect(notices).toEqual(notices.map(() => ({ type: 'reconnect', retryAfterMs: expect.any(Number) })));
    const slots = notices.map(({ retryAfterMs }) => Number(retryAfterMs));
    expect(new Set(slots).size).toBe(CLIENTS);
    expect(Math.min(...slots)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...slots)).toBeLessThanOrEqual(DRAIN_MS);
    for (const client of [v1, unauthenticated]) {
      expect(await client.end()).toMatchObject({ code: 1012 });
      expect(client.takeAll()).toEqual([]);
    }
    await eventually('The process has ended', () => server.process.hasEnded || undefined);
    await server.launch();
  }, 60_000);
});
