import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { TokenOptions } from '../../../src/config/options.js';

/** Builds tokens by hand: the tests judge the libraries, so they do not use them. */

export type Json = Readonly<Record<string, unknown>>;
/** What JavaScript would not write, such as 1e400. */
export class RawJson {
  constructor(readonly text: string) {}
}

export type Algorithm = 'RS256' | 'ES256' | 'EdDSA';

export const NOW_SECONDS = 1_760_000_000;

export const NO_TOKENS: TokenOptions = {
  secret: undefined,
  previousSecret: undefined,
  publicKey: undefined,
  jwksUrl: undefined,
  issuer: undefined,
  audience: undefined,
};

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

export function keyPairFor(algorithm: Algorithm): KeyPair {
  if (algorithm === 'RS256') return generateKeyPairSync('rsa', { modulusLength: 2048 });
  return algorithm === 'ES256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519');
}

export function pemOf({ publicKey }: KeyPair): string {
  return publicKey.export({ type: 'spki', format: 'pem' }).toString();
}

export function hmacToken(secret: string, payload: Json | RawJson, header: Json = {}): string {
  const alg = typeof header['alg'] === 'string' ? header['alg'] : 'HS256';
  const body = unsigned({ alg, typ: 'JWT', ...header }, payload);
  return `${body}.${createHmac(`sha${alg.slice(2)}`, secret)
    .update(body)
    .digest('base64url')}`;
}

export function signedToken(
  algorithm: Algorithm,
  { privateKey }: KeyPair,
  payload: Json | RawJson,
  header: Json = {},
): string {
  const body = unsigned({ alg: algorithm, ...header }, payload);
  const key = { key: privateKey, dsaEncoding: 'ieee-p1363' as const };
  return `${body}.${sign(algorithm === 'EdDSA' ? null : 'sha256', Buffer.from(body), key).toString('base64url')}`;
}

export function unsigned(header: Json, payload: Json | RawJson): string {
  const claims = payload instanceof RawJson ? payload.text : JSON.stringify(payload);
  return [JSON.stringify(header), claims].map((part) => Buffer.from(part).toString('base64url')).join('.');
}
