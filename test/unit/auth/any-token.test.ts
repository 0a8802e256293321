import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { InvalidTokenError } from '../../../src/auth/tokens/token-errors.js';
import { tokenVerifierFor } from '../../../src/auth/tokens/token-verifier-for.js';
import { hmacToken, keyPairFor, NO_TOKENS, pemOf, RawJson, signedToken, unsigned } from './signing.js';

const pair = keyPairFor('ES256');
const VERIFIERS = [
  {
    name: 'a secret',
    verifier: tokenVerifierFor({ ...NO_TOKENS, secret: 'secret' }),
    good: hmacToken('secret', { sub: 7 }),
    sign: (payload: string) => hmacToken('secret', new RawJson(payload)),
  },
  {
    name: 'a public key',
    verifier: tokenVerifierFor({ ...NO_TOKENS, publicKey: pemOf(pair) }),
    good: signedToken('ES256', pair, { sub: 7 }),
    sign: (payload: string) => signedToken('ES256', pair, new RawJson(payload)),
  },
];

const json = fc.json({ maxDepth: 3 });
const header = fc.dictionary(
  fc.constantFrom('alg', 'typ', 'kid', 'crit', 'b64', 'jku', 'jwk', 'x5u', '__proto__'),
  fc.oneof(fc.constantFrom('HS256', 'ES256', 'none', 'JWT', true, false, null), fc.jsonValue()),
);

/** Whatever a client sends, it gets a user id or InvalidTokenError; no other error comes out (CONN-4). */
describe.each(VERIFIERS)('with $name', ({ verifier, good, sign }) => {
  async function expectAnAnswer(token: string): Promise<void> {
    try {
      expect(Number.isSafeInteger((await verifier.verify(token)).userId)).toBe(true);
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidTokenError);
    }
  }

  test('any text', async () => {
    await fc.assert(fc.asyncProperty(fc.string({ unit: 'binary' }), expectAnAnswer));
  });

  test('a good token, damaged', async () => {
    const damaged = fc
      .tuple(fc.nat(good.length), fc.nat(3), fc.string({ maxLength: 3 }))
      .map(([at, gone, added]) => good.slice(0, at) + added + good.slice(at + gone));
    await fc.assert(fc.asyncProperty(damaged, expectAnAnswer));
  });

  test('any header', async () => {
    const signature = good.split('.')[2]!;
    await fc.assert(fc.asyncProperty(header, (any) => expectAnAnswer(`${unsigned(any, { sub: 7 })}.${signature}`)));
  });

  test('any signed claims', async () => {
    const claims = fc
      .dictionary(fc.constantFrom('sub', 'userId', 'id', 'exp', 'nbf', 'iss', 'aud', '__proto__'), json)
      .map(
        (any) =>
          `{${Object.entries(any)
            .map(([name, value]) => `${JSON.stringify(name)}:${value}`)
            .join()}}`,
      );
    await fc.assert(fc.asyncProperty(fc.oneof(claims, json, fc.string()), (any) => expectAnAnswer(sign(any))));
  });
});
