import { errors, jwtVerify, type JWTVerifyOptions } from 'jose';
import type { TokenOptions } from '../../config/options.js';
import type { PublicKeySource } from './public-key-source.js';
import { expectedClaims, readClaims, refuseOverlong } from './token-claims.js';
import { InvalidTokenError, TokenKeysUnavailableError } from './token-errors.js';
import { TokenVerifier, type VerifiedToken } from './token-verifier.js';

/** RS256, ES256 or EdDSA with a configured public key or JWKS (AUTH-2). */
export class PublicKeyTokenVerifier extends TokenVerifier {
  private readonly checks: JWTVerifyOptions;

  constructor(
    private readonly keys: PublicKeySource,
    options: TokenOptions,
  ) {
    super();
    this.checks = { algorithms: [...keys.algorithms], ...expectedClaims(options) };
  }

  override async verify(token: string): Promise<VerifiedToken> {
    refuseOverlong(token);
    try {
      const { payload } = await jwtVerify(token, this.keys.find, this.checks);
      return readClaims(payload);
    } catch (error) {
      throw classified(error);
    }
  }
}

/** `jose` has its own errors for whatever a token can be wrong in; any other comes from a key it cannot use. */
function classified(error: unknown): Error {
  if (error instanceof InvalidTokenError || error instanceof TokenKeysUnavailableError) return error;
  // Its code, not its text, which may quote the token.
  if (error instanceof errors.JOSEError) return new InvalidTokenError(error.code);
  return new TokenKeysUnavailableError('a key cannot be used');
}
