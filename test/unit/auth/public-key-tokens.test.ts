import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { InvalidTokenError, TokenKeysUnavailableError } from '../../../src/auth/tokens/token-errors.js';
import { tokenVerifierFor } from '../../../src/auth/tokens/token-verifier-for.js';
import type { TokenVerifier } from '../../../src/auth/tokens/token-verifier.js';
import {
  type Algorithm,
  hmacToken,
  type Json,
  type KeyPair,
  keyPairFor,
  NO_TOKENS,
  pemOf,
  signedToken,
  unsigned,
} from './signing.js';

const ALGORITHMS: readonly Algorithm[] = ['RS256', 'ES256', 'EdDSA'];
const PAIRS: Readonly<Record<Algorithm, KeyPair>> = {
  RS256: keyPairFor('RS256'),
  ES256: keyPairFor('ES256'),
  EdDSA: keyPairFor('EdDSA'),
};

const nowSeconds = () => Math.floor(Date.now() / 1_000);

async function expectInvalid(verifier: TokenVerifier, token: string): Promise<void> {
  await expect(verifier.verify(token)).rejects.toThrow(InvalidTokenError);
}

describe.each(ALGORITHMS)('a public key of %s', (algorithm) => {
  const pair = PAIRS[algorithm];
  const pem = pemOf(pair);
  const verifier = tokenVerifierFor({ ...NO_TOKENS, publicKey: pem });

  test('takes its tokens', async () => {
    const exp = nowSeconds() + 60;
    const token = signedToken(algorithm, pair, { sub: '7', exp });
    expect(await verifier.verify(token)).toEqual({ userId: 7, expiresAt: exp * 1_000 });
  });

  test('may be written with \\n for its line ends', async () => {
    const oneLine = tokenVerifierFor({ ...NO_TOKENS, publicKey: pem.replaceAll('\n', '\\n') });
    expect(await oneLine.verify(signedToken(algorithm, pair, { id: 7 }))).toMatchObject({ userId: 7 });
  });

  test('takes no other', async () => {
    await expectInvalid(verifier, signedToken(algorithm, keyPairFor(algorithm), { sub: 7 }));
    for (const other of ALGORITHMS.filter((name) => name !== algorithm)) {
      await expectInvalid(verifier, signedToken(other, PAIRS[other], { sub: 7 }));
    }
    await expectInvalid(verifier, `${unsigned({ alg: 'none' }, { sub: 7 })}.`);
    // Algorithm confusion: the public key, which everybody has, as an HMAC secret.
    for (const secret of [pem, pem.trim(), pair.publicKey.export({ type: 'spki', format: 'der' }).toString('binary')]) {
      await expectInvalid(verifier, hmacToken(secret, { sub: 7 }));
    }
    await expectInvalid(verifier, 'nonsense');
    await expectInvalid(verifier, signedToken(algorithm, pair, { sub: 7 }).repeat(60));
  });

  test('ignores what the token says about keys', async () => {
    const foreign = keyPairFor(algorithm);
    const jwk = foreign.publicKey.export({ format: 'jwk' });
    await expectInvalid(verifier, signedToken(algorithm, foreign, { sub: 7 }, { jwk }));
    await expectInvalid(
      verifier,
      signedToken(algorithm, foreign, { sub: 7 }, { jku: 'http://127.0.0.1:1/', kid: 'x' }),
    );
  });

  test.each<[string, Json]>([
    ['expired', { sub: 7, exp: nowSeconds() - 60 }],
    ['not yet valid', { sub: 7, nbf: nowSeconds() + 60 }],
    ['exp in milliseconds', { sub: 7, exp: (nowSeconds() + 60) * 1_000 }],
    ['negative nbf', { sub: 7, nbf: -1 }],
    ['exp as a text', { sub: 7, exp: String(nowSeconds() + 60) }],
    ['malformed sub', { sub: 'x', id: 7 }],
    ['other issuer', { sub: 7, iss: 'you', aud: 'milonga' }],
    ['other audience', { sub: 7, iss: 'me', aud: 'other' }],
  ])('%s: invalid', async (_name, payload) => {
    const strict = tokenVerifierFor({ ...NO_TOKENS, publicKey: pem, issuer: 'me', audience: 'milonga' });
    const token = signedToken(algorithm, pair, { iss: 'me', aud: 'milonga', ...payload });
    await expectInvalid(strict, token);
  });

  test('5 s of leeway', async () => {
    const token = signedToken(algorithm, pair, { sub: 7, exp: nowSeconds() - 3, nbf: nowSeconds() + 4 });
    expect(await verifier.verify(token)).toMatchObject({ userId: 7 });
  });
});

describe('a JWKS', () => {
  let server: Server;
  let keys: object[];
  let answer: () => { status: number; body: string };
  let requests: number;
  let verifier: TokenVerifier;

  function jwkOf(pair: KeyPair, kid: string): object {
    return { ...pair.publicKey.export({ format: 'jwk' }), kid, use: 'sig' };
  }

  function after(milliseconds: number): void {
    const now = Date.now() + milliseconds;
    jest.spyOn(Date, 'now').mockReturnValue(now);
  }

  beforeEach(async () => {
    keys = ALGORITHMS.map((algorithm) => jwkOf(PAIRS[algorithm], algorithm));
    requests = 0;
    answer = () => ({ status: 200, body: JSON.stringify({ keys }) });
    server = createServer((_request, response) => {
      requests++;
      const { status, body } = answer();
      response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    verifier = tokenVerifierFor({ ...NO_TOKENS, jwksUrl: `http://127.0.0.1:${port}/jwks` });
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const signedBy = (algorithm: Algorithm) => signedToken(algorithm, PAIRS[algorithm], { sub: 7 }, { kid: algorithm });

  test('is fetched once for all its keys', async () => {
    const verified = await Promise.all(ALGORITHMS.map(async (algorithm) => verifier.verify(signedBy(algorithm))));
    expect(verified.map(({ userId }) => userId)).toEqual([7, 7, 7]);
    expect(requests).toBe(1);
  });

  test('a key added later is found by its kid, once the last fetch is some seconds old', async () => {
    await verifier.verify(signedBy('RS256'));
    const pair = keyPairFor('ES256');
    const token = signedToken('ES256', pair, { sub: 8 }, { kid: 'new' });
    keys.push(jwkOf(pair, 'new'));

    await expectInvalid(verifier, token);
    expect(requests).toBe(1);

    after(11_000);
    expect(await verifier.verify(token)).toMatchObject({ userId: 8 });
    expect(requests).toBe(2);
  });

  test('a key withdrawn stops counting after ten minutes', async () => {
    await verifier.verify(signedBy('RS256'));
    keys.shift();
    expect(await verifier.verify(signedBy('RS256'))).toMatchObject({ userId: 7 });
    after(601_000);
    await expectInvalid(verifier, signedBy('RS256'));
  });

  test('unknown kids do not make it be fetched again and again', async () => {
    for (let at = 0; at < 20; at++) {
      await expectInvalid(verifier, signedToken('ES256', PAIRS.ES256, { sub: 7 }, { kid: `guess-${at}` }));
    }
    expect(requests).toBe(1);
  });

  test('takes no token of another algorithm or key', async () => {
    await expectInvalid(verifier, `${unsigned({ alg: 'none' }, { sub: 7 })}.`);
    await expectInvalid(verifier, hmacToken(pemOf(PAIRS.RS256), { sub: 7 }, { kid: 'RS256' }));
    expect(requests).toBe(0);
    await expectInvalid(verifier, signedToken('RS256', keyPairFor('RS256'), { sub: 7 }, { kid: 'RS256' }));
    await expectInvalid(verifier, signedToken('ES256', PAIRS.ES256, { sub: 7 }, { kid: 'RS256' }));
  });

  test('never holds a shared secret', async () => {
    keys = [{ kty: 'oct', k: Buffer.from('known').toString('base64url'), kid: 'oct', alg: 'HS256' }];
    await expectInvalid(verifier, hmacToken('known', { sub: 7 }, { kid: 'oct' }));
  });

  test.each<[string, () => { status: number; body: string }]>([
    ['fails', () => ({ status: 500, body: '' })],
    ['is no JSON', () => ({ status: 200, body: '<html>' })],
    ['is no key set', () => ({ status: 200, body: '{"keys":7}' })],
    ['holds a broken key', () => ({ status: 200, body: '{"keys":[{"kty":"RSA","kid":"RS256","n":"","e":""}]}' })],
    ['holds too weak a key', () => ({ status: 200, body: JSON.stringify({ keys: [weakJwk()] }) })],
  ])('that %s says nothing about the token', async (_name, broken) => {
    answer = broken;
    await expect(verifier.verify(signedBy('RS256'))).rejects.toThrow(TokenKeysUnavailableError);
  });

  test('whose server is down says nothing about the token, until it is back', async () => {
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    await expect(verifier.verify(signedBy('RS256'))).rejects.toThrow(TokenKeysUnavailableError);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    expect(await verifier.verify(signedBy('RS256'))).toMatchObject({ userId: 7 });
  });

  test('whose server went down still serves the keys it gave', async () => {
    await verifier.verify(signedBy('RS256'));
    await new Promise((resolve) => server.close(resolve));
    expect(await verifier.verify(signedBy('EdDSA'))).toMatchObject({ userId: 7 });
    await new Promise<void>((resolve) => server.listen(0, resolve));
  });
});

function weakJwk(): object {
  return { kty: 'RSA', kid: 'RS256', e: 'AQAB', n: Buffer.alloc(128, 0xab).toString('base64url') };
}
