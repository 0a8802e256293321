import { createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import { ConfigurationError } from '../../config/configuration-error.js';
import { parsePublicKey, type SignatureAlgorithm } from '../../config/public-key.js';
import { TokenKeysUnavailableError } from './token-errors.js';

/** Where public keys come from, and what they may be used for. A token has no say in either. */
export interface PublicKeySource {
  readonly algorithms: readonly SignatureAlgorithm[];
  /** @throws TokenKeysUnavailableError when the keys cannot be had. */
  readonly find: JWTVerifyGetKey;
}

/** @throws ConfigurationError */
export function pemKeySource(pem: string): PublicKeySource {
  const publicKey = parsePublicKey(pem);
  if (!publicKey) throw new ConfigurationError('publicKey', 'is not the PEM of an RSA, EC P-256 or Ed25519 public key');
  return { algorithms: [publicKey.algorithm], find: () => publicKey.key };
}

/** Keys are fetched again after this time, so that one which was withdrawn stops counting. */
const CACHE_MS = 10 * 60_000;
/** A `kid` not seen before makes the keys be fetched anew, but not more often than this. */
const COOLDOWN_MS = 10_000;
/** A client may wait 10 s for its `auth` (AUTH-5). */
const FETCH_TIMEOUT_MS = 4_000;

/** A JWKS whose address is configured; it is fetched with the first token, and kept. */
export function jwksKeySource(url: string): PublicKeySource {
  const fromJwks = createRemoteJWKSet(new URL(url), {
    cacheMaxAge: CACHE_MS,
    cooldownDuration: COOLDOWN_MS,
    timeoutDuration: FETCH_TIMEOUT_MS,
  });
  return {
    algorithms: ['RS256', 'ES256', 'EdDSA'],
    find: async (header, token) => {
      try {
        return await fromJwks(header, token);
      } catch (error) {
        if (isFaultOfToken(error)) throw error;
        throw new TokenKeysUnavailableError(error instanceof Error ? error.message : 'unknown');
      }
    },
  };
}

/** Fetched keys of which none, or more than one, is the token's; everything else is the fault of the JWKS. */
function isFaultOfToken(error: unknown): boolean {
  return error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys;
}
