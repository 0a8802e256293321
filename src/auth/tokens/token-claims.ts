import type { TokenOptions } from '../../config/options.js';
import { InvalidTokenError } from './token-errors.js';
import type { VerifiedToken } from './token-verifier.js';

/** Longer tokens are refused unread. */
const MAX_TOKEN_LENGTH = 8_192;
/** Clocks may differ by this much (AUTH-2). */
const LEEWAY_SECONDS = 5;
/** The end of the year 9999. A claim beyond it was most likely written in milliseconds. */
const MAX_NUMERIC_DATE = 253_402_300_799;

type Claims = Readonly<Record<string, unknown>>;

export interface ExpectedClaims {
  readonly clockTolerance: number;
  readonly issuer?: string;
  readonly audience?: string;
}

/** What a JWT library is asked to check, in the words that `jsonwebtoken` and `jose` share. */
export function expectedClaims({ issuer, audience }: TokenOptions): ExpectedClaims {
  return {
    clockTolerance: LEEWAY_SECONDS,
    ...(issuer !== undefined && { issuer }),
    ...(audience !== undefined && { audience }),
  };
}

/** @throws InvalidTokenError for a token too long to be worth its parsing. */
export function refuseOverlong(token: string): void {
  if (token.length > MAX_TOKEN_LENGTH) throw new InvalidTokenError('too long');
}

/**
 * Reads the claims of a token whose signature, times, issuer and audience a library found good. Libraries let
 * times pass that are numbers but no dates (1e400 is JSON): here they make the token invalid.
 *
 * @throws InvalidTokenError
 */
export function readClaims(payload: unknown): VerifiedToken {
  if (!isClaims(payload)) throw new InvalidTokenError('claims are not an object');
  readNumericDate(payload, 'nbf');
  const exp = readNumericDate(payload, 'exp');
  return { userId: readUserId(payload), expiresAt: exp === undefined ? undefined : Math.floor(exp * 1_000) };
}

function isClaims(payload: unknown): payload is Claims {
  return typeof payload === 'object' && payload !== null && !Array.isArray(payload);
}

function readNumericDate(claims: Claims, name: 'exp' | 'nbf'): number | undefined {
  const value = claims[name];
  if (value === undefined) return undefined;
  if (typeof value === 'number' && value >= 0 && value <= MAX_NUMERIC_DATE) return value;
  throw new InvalidTokenError(`${name} is not a date`);
}

/** The first of these that is present decides; when it is malformed, no other one is tried. */
const USER_ID_CLAIMS = ['sub', 'userId', 'id'];
/** Plain decimal: no sign, space, fraction, exponent or leading zero, so that one user has one spelling. */
const DECIMAL = /^[1-9]\d{0,15}$/;

function readUserId(claims: Claims): number {
  const name = USER_ID_CLAIMS.find((claim) => Object.hasOwn(claims, claim));
  if (name === undefined) throw new InvalidTokenError('names no user');
  const claim = claims[name];
  const userId = typeof claim === 'string' && DECIMAL.test(claim) ? Number(claim) : claim;
  if (typeof userId === 'number' && Number.isSafeInteger(userId) && userId > 0) return userId;
  throw new InvalidTokenError(`${name} is not a user id`);
}
