import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { InvalidTokenError } from '../../../src/auth/tokens/token-errors.js';
import { TokenIssuer } from '../../../src/auth/tokens/token-issuer.js';
import { tokenVerifierFor } from '../../../src/auth/tokens/token-verifier-for.js';
import type { VerifiedToken } from '../../../src/auth/tokens/token-verifier.js';
import { ConfigurationError } from '../../../src/config/configuration-error.js';
import type { TokenOptions } from '../../../src/config/options.js';
import { hmacToken, type Json, keyPairFor, NO_TOKENS, NOW_SECONDS, pemOf, RawJson, unsigned } from './signing.js';

const SECRET = 'the secret of these tests, long enough';
const SECRET_ONLY: TokenOptions = { ...NO_TOKENS, secret: SECRET };

function verify(token: string, options: Partial<TokenOptions> = {}): VerifiedToken {
  return tokenVerifierFor({ ...SECRET_ONLY, ...options }).verify(token) as VerifiedToken;
}

function expectInvalid(token: string, options: Partial<TokenOptions> = {}): void {
  expect(() => verify(token, options)).toThrow(InvalidTokenError);
}

const claims = (payload: Json) => hmacToken(SECRET, payload);
const rawClaims = (text: string) => hmacToken(SECRET, new RawJson(text));

beforeEach(() => {
  jest.useFakeTimers({ now: NOW_SECONDS * 1_000, doNotFake: ['nextTick', 'setImmediate', 'setTimeout'] });
});

afterEach(() => {
  jest.useRealTimers();
});

describe('the signature', () => {
  test('is that of the secret', () => {
    expect(verify(claims({ sub: 7 }))).toEqual({ userId: 7, expiresAt: undefined });
    expectInvalid(hmacToken('another secret', { sub: 7 }));
  });

  test('may be that of the previous secret, while secrets rotate', () => {
    const previousSecret = 'the secret of last month';
    const old = hmacToken(previousSecret, { sub: 7 });
    expect(verify(old, { previousSecret }).userId).toBe(7);
    expect(verify(claims({ sub: 8 }), { previousSecret }).userId).toBe(8);
    expectInvalid(old);
    expectInvalid(hmacToken(previousSecret, { sub: 7, exp: NOW_SECONDS - 60 }), { previousSecret });
  });

  test('is there', () => {
    expectInvalid(`${unsigned({ alg: 'none' }, { sub: 7 })}.`);
    expectInvalid(`${unsigned({ alg: 'HS256' }, { sub: 7 })}.`);
    expectInvalid(unsigned({ alg: 'HS256' }, { sub: 7 }));
    expectInvalid(`${unsigned({ alg: 'None' }, { sub: 7 })}.c2lnbmVk`);
  });

  test('is by HS256, whatever else the secret could do', () => {
    expectInvalid(hmacToken(SECRET, { sub: 7 }, { alg: 'HS384' }));
    expectInvalid(hmacToken(SECRET, { sub: 7 }, { alg: 'HS512' }));
  });

  test('is of what stands in the token', () => {
    const [header, , signature] = claims({ sub: 7 }).split('.');
    const other = claims({ sub: 8 }).split('.')[1];
    expectInvalid(`${header!}.${other!}.${signature!}`);
  });

  test('demands no extension that is unknown here', () => {
    expectInvalid(hmacToken(SECRET, { sub: 7 }, { crit: ['b64'], b64: false }));
  });
});

test.each(['', '.', '..', 'a.b.c', 'nonsense', 'null', '\0', `${'a'.repeat(9_000)}.b.c`, '{"alg":"HS256"}..'])(
  'invalid: %j',
  (token) => {
    expectInvalid(token);
  },
);

test('a token over 8 KiB is invalid, however well signed', () => {
  expect(verify(claims({ sub: 7, x: 'x'.repeat(4_000) })).userId).toBe(7);
  expectInvalid(claims({ sub: 7, x: 'x'.repeat(8_000) }));
});

describe('the user id', () => {
  test.each<[Json, number]>([
    [{ sub: 7 }, 7],
    [{ sub: '7' }, 7],
    [{ userId: 7 }, 7],
    [{ userId: '7' }, 7],
    [{ id: 7 }, 7],
    [{ id: '7' }, 7],
    [{ sub: 7, userId: 8, id: 9 }, 7],
    [{ userId: 8, id: 9 }, 8],
    [{ sub: '9007199254740991' }, Number.MAX_SAFE_INTEGER],
  ])('%j', (payload, userId) => {
    expect(verify(claims(payload)).userId).toBe(userId);
  });

  test.each<Json>([
    {},
    { sub: null, id: 7 },
    { sub: '', id: 7 },
    { sub: 'auth0|7', userId: 7 },
    { sub: 0 },
    { sub: -7 },
    { sub: '-7' },
    { sub: '+7' },
    { sub: ' 7' },
    { sub: '07' },
    { sub: '7.0' },
    { sub: '7e1' },
    { sub: '0x7' },
    { sub: '٧' },
    { sub: 7.5 },
    { sub: true },
    { sub: [7] },
    { sub: { id: 7 } },
    { sub: '9007199254740992' },
  ])('invalid: %j', (payload) => {
    expectInvalid(claims(payload));
  });

  test.each(['{"sub":9007199254740993}', '{"sub":1e400}', '[7]', '7', '"7"', 'null', 'no json'])(
    'invalid: %s',
    (text) => {
      expectInvalid(rawClaims(text));
    },
  );
});

describe('times, with 5 s leeway', () => {
  test.each<[Json, number | undefined]>([
    [{ exp: NOW_SECONDS + 60 }, NOW_SECONDS + 60],
    [{ exp: NOW_SECONDS - 4 }, NOW_SECONDS - 4],
    [{ exp: NOW_SECONDS + 0.5 }, NOW_SECONDS + 0.5],
    [{ nbf: NOW_SECONDS - 60 }, undefined],
    [{ nbf: NOW_SECONDS + 5 }, undefined],
    [{ nbf: 0 }, undefined],
  ])('%j', (times, expSeconds) => {
    const expiresAt = expSeconds === undefined ? undefined : expSeconds * 1_000;
    expect(verify(claims({ sub: 7, ...times }))).toEqual({ userId: 7, expiresAt });
  });

  test.each([
    `"exp":${NOW_SECONDS - 5}`,
    `"exp":"${NOW_SECONDS + 60}"`,
    `"exp":${NOW_SECONDS + 60}000`,
    '"exp":null',
    '"exp":true',
    '"exp":-1',
    '"exp":0',
    '"exp":1e400',
    '"exp":{}',
    `"nbf":${NOW_SECONDS + 6}`,
    '"nbf":"0"',
    '"nbf":null',
    '"nbf":-1',
    '"nbf":-1e400',
  ])('invalid: %s', (time) => {
    expectInvalid(rawClaims(`{"sub":7,${time}}`));
  });
});

describe('issuer and audience', () => {
  const expected = { issuer: 'me', audience: 'milonga' };

  test.each<[Json]>([[{ iss: 'me', aud: 'milonga' }], [{ iss: 'me', aud: ['x', 'milonga'] }]])('%j', (payload) => {
    expect(verify(claims({ sub: 7, ...payload }), expected).userId).toBe(7);
  });

  test.each<[Json]>([
    [{}],
    [{ iss: 'me' }],
    [{ aud: 'milonga' }],
    [{ iss: 'you', aud: 'milonga' }],
    [{ iss: ['me'], aud: 'milonga' }],
    [{ iss: 'me', aud: 'milonga2' }],
    [{ iss: 'me', aud: [] }],
  ])('invalid: %j', (payload) => {
    expectInvalid(claims({ sub: 7, ...payload }), expected);
  });

  test('are free where none is configured', () => {
    expect(verify(claims({ sub: 7, iss: 'you', aud: 'other' })).userId).toBe(7);
  });
});

test('no error holds any of the token', () => {
  const spy = rawClaims('{"sub":"hushhush", no json');
  for (const token of [spy, claims({ sub: 'hushhush' }), claims({ exp: 'hushhush', sub: 1 }), 'hushhush.a.b']) {
    let error: unknown;
    try {
      verify(token);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(InvalidTokenError);
    expect((error as Error).stack).not.toMatch(/hushh|"sub"/);
    expect(error).not.toHaveProperty('cause');
  }
});

describe('what is issued', () => {
  test('is accepted until it expires', () => {
    const options = { ...SECRET_ONLY, issuer: 'me', audience: 'milonga' };
    const token = new TokenIssuer(options).issue(42, 3_600);
    expect(verify(token, options)).toEqual({ userId: 42, expiresAt: (NOW_SECONDS + 3_600) * 1_000 });
    jest.setSystemTime((NOW_SECONDS + 3_606) * 1_000);
    expectInvalid(token, options);
  });

  test('needs a secret', () => {
    expect(() => new TokenIssuer({ ...NO_TOKENS, jwksUrl: 'https://a.example/jwks' })).toThrow(ConfigurationError);
  });
});

describe('tokenVerifierFor', () => {
  const publicKey = pemOf(keyPairFor('EdDSA'));

  test.each<[string, Partial<TokenOptions>]>([
    ['nothing', {}],
    ['an empty secret', { secret: '' }],
    ['only a previous secret', { previousSecret: SECRET }],
    ['two families', { secret: SECRET, publicKey }],
    ['two places of keys', { publicKey, jwksUrl: 'https://a.example/jwks' }],
    ['no key', { publicKey: 'nonsense' }],
  ])('refuses %s', (_name, options) => {
    expect(() => tokenVerifierFor({ ...NO_TOKENS, ...options })).toThrow(ConfigurationError);
  });

  test('takes an empty previous secret for none', () => {
    expectInvalid(hmacToken('', { sub: 7 }), { previousSecret: '' });
  });
});
