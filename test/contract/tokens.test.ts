import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createServer } from 'node:http';
import { auth } from '../support/client-frames.js';
import { freePort } from '../../scripts/free-port.mjs';
import { authSuccess, type Person } from '../support/server-frames.js';
import { describeOwnServer, describeServer } from '../support/suite.js';
import {
  claimsFor,
  JWT_SECRET,
  keyPair,
  pemOf,
  secondsFromNow,
  signToken,
  tamperedToken,
  unsignedToken,
  type Claims,
} from '../support/tokens.js';
import { REJECTED, rejection } from '../support/rejection.js';

describeServer('Tokens', { needs: ['secret'] }, (server) => {
  const lasting = { exp: secondsFromNow(3600) };

  test.each<[string, (id: number) => Claims]>([
    ['sub as a decimal string', (id) => ({ sub: String(id) })],
    ['sub as a number', (id) => ({ sub: id })],
    ['userId as a number', (id) => ({ userId: id })],
    ['userId as a decimal string', (id) => ({ userId: String(id) })],
    ['id as a number', (id) => ({ id })],
    ['id as a decimal string', (id) => ({ id: String(id) })],
    ['sub before userId and id', (id) => ({ sub: id, userId: id + 1_000_000, id: id + 2_000_000 })],
    ['userId before id', (id) => ({ userId: id, id: id + 1_000_000 })],
  ])('AUTH-2: the user id is taken from %s', async (_where, claims) => {
    const user = await server.makeUser();
    const client = await server.connect();
    client.send(auth(await signToken({ ...claims(user.id), ...lasting })));
    expect(await client.next()).toEqual(authSuccess(user));
  });

  test.each<[string, Claims]>([
    ['no user id at all', {}],
    ['an id that is no number', { sub: 'ana' }],
    ['an empty id', { sub: '' }],
    ['a fraction', { sub: 1.5 }],
    ['a fraction as a string', { sub: '1.0' }],
    ['a negative id', { sub: '-1' }],
    ['zero', { sub: 0 }],
    ['an exponent', { sub: '1e0' }],
    ['hexadecimal', { sub: '0x1' }],
    ['white space around', { sub: ' 1 ' }],
    ['an id beyond 32 bits', { sub: '4294967297' }],
    ['an id beyond 64 bits', { sub: '99999999999999999999' }],
    ['a huge number', { sub: 1e300 }],
    ['true', { sub: true }],
    ['an object', { sub: { id: 1 } }],
    ['an array', { sub: [1] }],
    ['a NUL', { sub: '1\u0000' }],
    ['SQL', { sub: '1 OR 1=1' }],
  ])('AUTH-2, AUTH-3: as user id %s is refused', async (_what, claims) => {
    expect(await rejection(server, await signToken({ ...claims, ...lasting }))).toMatchObject(REJECTED);
  });

  test.each<[string, () => Claims]>([
    ['expired within the leeway of 5 s', () => ({ exp: secondsFromNow(-2) })],
    ['valid within the leeway of 5 s', () => ({ nbf: secondsFromNow(3) })],
    ['valid since just now', () => ({ nbf: secondsFromNow(0) })],
  ])('AUTH-2: a token %s is accepted', async (_what, claims) => {
    const user = await server.makeUser();
    const client = await server.connect();
    client.send(auth(await signToken(claimsFor(user.id, claims()))));
    expect(await client.next()).toEqual(authSuccess(user));
  });

  test.each<[string, () => Claims]>([
    ['expired 8 s ago', () => ({ exp: secondsFromNow(-8) })],
    ['expired an hour ago', () => ({ exp: secondsFromNow(-3600) })],
    ['valid only in 15 s', () => ({ nbf: secondsFromNow(15) })],
    ['with a text as exp', () => ({ exp: 'tomorrow' })],
  ])('AUTH-2: a token %s is refused', async (_what, claims) => {
    const user = await server.makeUser();
    expect(await rejection(server, await signToken(claimsFor(user.id, claims())))).toMatchObject(REJECTED);
  });

  test.each<[string, (claims: Claims) => Promise<string> | string]>([
    ['signed with another secret', async (claims) => signToken(claims, { key: 'x'.repeat(48) })],
    ['with HS384', async (claims) => signToken(claims, { alg: 'HS384' })],
    ['with HS512', async (claims) => signToken(claims, { alg: 'HS512' })],
    ['with alg none', (claims) => unsignedToken(claims)],
    ['with changed claims', async (claims) => tamperedToken(await signToken({ ...claims, sub: '0' }), claims)],
    ['without its signature', async (claims) => (await signToken(claims)).replace(/[^.]+$/, '')],
    ['of two parts', async (claims) => (await signToken(claims)).replace(/\.[^.]+$/, '')],
    ['that is plain text', () => 'hello'],
    ['that is only dots', () => '..'],
    ['of 50,000 characters', () => 'x'.repeat(50_000)],
    ['with a NUL', () => 'a\u0000b.c.d'],
  ])('AUTH-2, AUTH-3: a token %s is refused', async (_what, tokenOf) => {
    const user = await server.makeUser();
    expect(await rejection(server, await tokenOf(claimsFor(user.id)))).toMatchObject(REJECTED);
  });

  test('AUTH-6: a refresh with another good token of the same user succeeds', async () => {
    const { client, user } = await server.guest();
    client.send(auth(await signToken(claimsFor(user.id, { exp: secondsFromNow(7200) }))));
    expect(await client.next()).toEqual(authSuccess(user));
  });
});

const PREVIOUS_SECRET = 'the-secret-of-last-month-still-in-use-somewhere';

describeOwnServer(
  'Tokens with issuer, audience and a previous secret',
  {
    environment: { JWT_PREVIOUS_SECRET: PREVIOUS_SECRET, JWT_ISSUER: 'https://id.example', JWT_AUDIENCE: 'milonga' },
    on: 'one',
  },
  (server) => {
    const named = { iss: 'https://id.example', aud: 'milonga' };

    test.each<[string, Claims, string]>([
      ['of the right issuer and audience', named, JWT_SECRET],
      ['for several audiences, ours among them', { ...named, aud: ['other', 'milonga'] }, JWT_SECRET],
      ['signed with the previous secret', named, PREVIOUS_SECRET],
    ])('AUTH-2: a token %s is accepted', async (_what, claims, key) => {
      const user = await server.makeUser();
      const client = await server.connect();
      client.send(auth(await signToken(claimsFor(user.id, claims), { key })));
      expect(await client.next()).toEqual(authSuccess(user));
    });

    test.each<[string, Claims, string]>([
      ['of another issuer', { ...named, iss: 'https://evil.example' }, JWT_SECRET],
      ['without issuer', { aud: 'milonga' }, JWT_SECRET],
      ['for another audience', { ...named, aud: 'other' }, JWT_SECRET],
      ['without audience', { iss: 'https://id.example' }, JWT_SECRET],
      ['of another issuer, signed with the previous secret', { ...named, iss: 'x' }, PREVIOUS_SECRET],
      ['signed with neither secret', named, 'x'.repeat(48)],
    ])('AUTH-2: a token %s is refused', async (_what, claims, key) => {
      const user = await server.makeUser();
      expect(await rejection(server, await signToken(claimsFor(user.id, claims), { key }))).toMatchObject(REJECTED);
    });

    test('AUTH-2: the demo login gives a token that is good here', async () => {
      const { client } = await server.guest();
      expect(await client.barrier()).toEqual([]);
    });
  },
);

describeOwnServer('Tokens of an issuer with public keys', { on: 'one' }, (server) => {
  const withoutSecret = { JWT_SECRET: undefined, DEMO_LOGIN: 'false' };
  let user: Person;
  beforeAll(async () => {
    user = await server.makeUser();
  });

  async function expectWelcome(token: string): Promise<void> {
    const client = await server.connect();
    client.send(auth(token));
    expect(await client.next()).toEqual(authSuccess(user));
  }

  describe.each(['RS256', 'ES256', 'EdDSA'] as const)('JWT_PUBLIC_KEY of %s', (alg) => {
    const pair = keyPair(alg);
    const pem = pemOf(pair);
    beforeAll(async () => server.restart({ ...withoutSecret, JWT_PUBLIC_KEY: pem }), 60_000);

    test('AUTH-2: a token of its private key is accepted', async () => {
      await expectWelcome(await signToken(claimsFor(user.id), { alg, key: pair.privateKey }));
    });

    test('AUTH-2: another key of the same kind is refused', async () => {
      const token = await signToken(claimsFor(user.id), { alg, key: keyPair(alg).privateKey });
      expect(await rejection(server, token)).toMatchObject(REJECTED);
    });

    test.each([
      ['the public key itself', pem],
      ['the public key without its last line break', pem.trim()],
      ['the secret of other servers', JWT_SECRET],
    ])('AUTH-2: one family at a time, HS256 with %s is refused', async (_what, key) => {
      expect(await rejection(server, await signToken(claimsFor(user.id), { key }))).toMatchObject(REJECTED);
    });

    test('AUTH-2: alg none is refused', async () => {
      expect(await rejection(server, unsignedToken(claimsFor(user.id)))).toMatchObject(REJECTED);
    });
  });

  describe('JWT_JWKS_URL', () => {
    const [first, second] = [keyPair('RS256'), keyPair('ES256')];
    const keys = [
      { ...first.publicKey.export({ format: 'jwk' }), kid: 'first', alg: 'RS256', use: 'sig' },
      { ...second.publicKey.export({ format: 'jwk' }), kid: 'second', alg: 'ES256', use: 'sig' },
    ];
    const issuer = createServer((_request, response) => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));
    });

    beforeAll(async () => {
      const port = await freePort();
      await new Promise<void>((resolve) => issuer.listen(port, '127.0.0.1', resolve));
      const url = `http://127.0.0.1:${port}/jwks.json`;
      await server.restart({ ...withoutSecret, JWT_PUBLIC_KEY: undefined, JWT_JWKS_URL: url });
    }, 60_000);
    afterAll(() => {
      issuer.closeAllConnections();
      issuer.close();
    });

    test('AUTH-2: tokens of each of its keys are accepted', async () => {
      const claims = claimsFor(user.id);
      await expectWelcome(await signToken(claims, { alg: 'RS256', key: first.privateKey, kid: 'first' }));
      await expectWelcome(await signToken(claims, { alg: 'ES256', key: second.privateKey, kid: 'second' }));
    });

    test.each([
      ['of an unknown key', { alg: 'RS256', key: keyPair('RS256').privateKey, kid: 'third' }],
      ['of another key under a known name', { alg: 'RS256', key: keyPair('RS256').privateKey, kid: 'first' }],
      ['with a secret', { kid: 'first' }],
    ])('AUTH-2: a token %s is refused', async (_what, signing) => {
      expect(await rejection(server, await signToken(claimsFor(user.id), signing))).toMatchObject(REJECTED);
    });
  });
});
