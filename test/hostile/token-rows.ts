import { createHmac } from 'node:crypto';
import { JWT_SECRET, secondsFromNow } from '../support/tokens.js';
import type { Row } from './attacks.js';

export interface TokenRow extends Row {
  /** Made of the id of a user who exists; what comes back is always AUTH-3's answer. */
  readonly token: (userId: number, trapUrl: string) => string;
}

const HS256 = { alg: 'HS256', typ: 'JWT' };

/** Signed by hand, since no library would. */
function signed(header: unknown, claims: unknown, { secret = JWT_SECRET, hash = 'sha256' } = {}): string {
  const input = `${encoded(header)}.${encoded(claims)}`;
  return `${input}.${createHmac(hash, secret).update(input).digest('base64url')}`;
}

function encoded(part: unknown): string {
  return Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');
}

const claims = (userId: number) => ({ sub: String(userId), exp: secondsFromNow(3_600) });
const good = (userId: number) => signed(HS256, claims(userId));

const ALGORITHMS: TokenRow[] = ['none', 'None', 'NONE', 'nOnE', ''].flatMap((alg) => [
  {
    lesson: 'AUTH-2, never none',
    what: `alg "${alg}" without a signature`,
    token: (id: number) => `${encoded({ alg })}.${encoded(claims(id))}.`,
  },
  { lesson: 'AUTH-2, never none', what: `alg "${alg}", signed`, token: (id: number) => signed({ alg }, claims(id)) },
]);

const CONFUSED: TokenRow[] = [
  ...['HS384', 'HS512', 'RS256', 'ES256', 'EdDSA', 'PS256', 'hs256', 'HS256 ', 'A256KW'].map((alg) => ({
    what: `a header that says ${alg}`,
    token: (id: number) => signed({ alg }, claims(id)),
  })),
  { what: 'HS512 in truth', token: (id: number) => signed({ alg: 'HS512' }, claims(id), { hash: 'sha512' }) },
  { what: 'two algorithms', token: (id: number) => signed({ alg: ['HS256', 'none'] }, claims(id)) },
  { what: 'alg twice', token: (id: number) => `${encoded('{"alg":"HS256","alg":"none"}')}.${encoded(claims(id))}.` },
  { what: 'no alg', token: (id: number) => signed({ typ: 'JWT' }, claims(id)) },
  { what: 'a header that is a list', token: (id: number) => signed([HS256], claims(id)) },
  { what: 'an empty secret', token: (id: number) => signed(HS256, claims(id), { secret: '' }) },
  { what: 'a NUL as secret', token: (id: number) => signed(HS256, claims(id), { secret: '\0' }) },
].map((row) => ({ lesson: 'AUTH-2, a token does not choose how it is checked', ...row }));

const KEYS: TokenRow[] = [
  { what: 'jku', token: (id: number, url: string) => signed({ ...HS256, jku: url }, claims(id), { secret: 'evil' }) },
  { what: 'x5u', token: (id: number, url: string) => signed({ ...HS256, x5u: url }, claims(id), { secret: 'evil' }) },
  { what: 'iss', token: (id: number, url: string) => signed(HS256, { ...claims(id), iss: url }, { secret: 'evil' }) },
  {
    what: 'kid as an address',
    token: (id: number, url: string) => signed({ ...HS256, kid: url }, claims(id), { secret: 'evil' }),
  },
  {
    what: 'kid as a file',
    token: (id: number) => signed({ ...HS256, kid: '../../dev/null' }, claims(id), { secret: '' }),
  },
  {
    what: 'kid as SQL',
    token: (id: number) => signed({ ...HS256, kid: "x' UNION SELECT 'evil" }, claims(id), { secret: 'evil' }),
  },
  {
    what: 'jwk',
    token: (id: number) =>
      signed({ ...HS256, jwk: { kty: 'oct', k: Buffer.from('evil').toString('base64url') } }, claims(id), {
        secret: 'evil',
      }),
  },
  { what: 'crit', token: (id: number) => signed({ ...HS256, crit: ['b64'], b64: false }, claims(id)) },
].map((row) => ({ lesson: 'AUTH-2, a token does not say where its key is', ...row }));

const ODD_DATES: [what: string, claims: object][] = [
  ['exp in the past', { exp: 1 }],
  ['exp of 0', { exp: 0 }],
  ['a negative exp', { exp: -1 }],
  ['exp as text', { exp: '9999999999' }],
  ['exp as null', { exp: null }],
  ['exp as a list', { exp: [9_999_999_999] }],
  ['exp in milliseconds', { exp: Date.now() + 3_600_000 }],
  ['nbf in the future', { nbf: secondsFromNow(3_600) }],
  ['nbf as text', { nbf: '1' }],
  ['nbf as an object', { nbf: {} }],
];

const DATES: TokenRow[] = ODD_DATES.map(([what, odd]) => ({
  lesson: 'AUTH-2, exp and nbf are dates',
  what,
  token: (id: number) => signed(HS256, { ...claims(id), ...odd }),
}));

const ODD_SUBJECTS: [what: string, sub: (id: number) => unknown][] = [
  ['text behind the id', (id: number) => `${id}x`],
  ['a line end behind the id', (id: number) => `${id}\n`],
  ['a leading zero', (id: number) => `0${id}`],
  ['a plus', (id: number) => `+${id}`],
  ['other digits', (id: number) => String(id).replace(/\d/g, (digit) => '٠١٢٣٤٥٦٧٨٩'.charAt(Number(digit)))],
  [
    'full-width digits',
    (id: number) => String(id).replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit))),
  ],
  ['the id in a list', (id: number) => [id]],
  ['the id and a bit', (id: number) => id + 0.5],
  ['null', () => null],
  ['an object with toString', () => ({ toString: '1' })],
  ['2^53 and the id', (id: number) => 2 ** 53 + id],
  ['the id beyond 32 bits', (id: number) => 2 ** 32 + id],
];

const SUBJECTS: TokenRow[] = ODD_SUBJECTS.map(([what, sub]) => ({
  lesson: 'AUTH-2, one user has one spelling',
  what,
  token: (id: number) => signed(HS256, { ...claims(id), sub: sub(id) }),
}));

const FORMS: TokenRow[] = [
  { what: 'white space before it', token: (id: number) => ` ${good(id)}` },
  { what: 'a line end behind it', token: (id: number) => `${good(id)}\n` },
  { what: 'a padded signature', token: (id: number) => `${good(id)}=` },
  { what: 'a fourth part', token: (id: number) => `${good(id)}.x` },
  { what: 'the scheme Bearer', token: (id: number) => `Bearer ${good(id)}` },
  { what: '60,000 dots', token: () => '.'.repeat(60_000) },
  {
    what: 'a token of 10 KB, well signed',
    token: (id: number) => signed(HS256, { ...claims(id), pad: 'x'.repeat(9_000) }),
  },
  { what: 'claims that are a list', token: (id: number) => signed(HS256, [claims(id)]) },
  { what: '__proto__ for claims', token: (id: number) => signed(HS256, `{"__proto__":{"sub":"${id}"}}`) },
  { what: 'claims, 2,000 deep', token: () => signed(HS256, '['.repeat(2_000) + ']'.repeat(2_000)) },
].map((row) => ({ lesson: 'AUTH-3, whatever is no good token has one answer', ...row }));

export const TOKENS = [...ALGORITHMS, ...CONFUSED, ...KEYS, ...DATES, ...SUBJECTS, ...FORMS];
