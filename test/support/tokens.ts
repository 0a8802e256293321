import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { CompactSign } from 'jose';

/** The secret of every server that these tests start, or of the one they are given. */
export const JWT_SECRET = process.env['MILONGA_JWT_SECRET'] ?? 'a-secret-of-the-contract-suite-with-48-characters';

export type Claims = Readonly<Record<string, unknown>>;

interface Signing {
  readonly alg?: string;
  readonly key?: string | KeyObject;
  readonly kid?: string;
}

/** Signs any claims, also those that no honest issuer would. HS256 with the server's secret unless told otherwise. */
export async function signToken(
  claims: Claims,
  { alg = 'HS256', key = JWT_SECRET, kid }: Signing = {},
): Promise<string> {
  const header = { alg, typ: 'JWT', ...(kid === undefined ? {} : { kid }) };
  return new CompactSign(bytes(JSON.stringify(claims)))
    .setProtectedHeader(header)
    .sign(typeof key === 'string' ? bytes(key) : key);
}

/** A token that says `alg: none` and carries no signature. */
export function unsignedToken(claims: Claims): string {
  return `${base64url({ alg: 'none', typ: 'JWT' })}.${base64url(claims)}.`;
}

/** The token with other claims under its old signature. */
export function tamperedToken(token: string, claims: Claims): string {
  const [header, , signature] = token.split('.');
  return `${header}.${base64url(claims)}.${signature}`;
}

/** Claims of a token for this user, good for an hour. */
export function claimsFor(userId: number, more: Claims = {}): Claims {
  return { sub: String(userId), iat: secondsFromNow(0), exp: secondsFromNow(3600), ...more };
}

export function secondsFromNow(seconds: number): number {
  return Math.floor(Date.now() / 1000) + seconds;
}

export interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

export function keyPair(alg: 'RS256' | 'ES256' | 'EdDSA'): KeyPair {
  if (alg === 'RS256') return generateKeyPairSync('rsa', { modulusLength: 2048 });
  if (alg === 'ES256') return generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return generateKeyPairSync('ed25519');
}

export function pemOf({ publicKey }: KeyPair): string {
  return publicKey.export({ type: 'spki', format: 'pem' }).toString();
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function base64url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
