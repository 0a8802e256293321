import { createSecretKey } from 'node:crypto';
import { JwtService } from '@nestjs/jwt';
import type { TokenOptions } from '../../config/options.js';
import { expectedClaims, readClaims, refuseOverlong } from './token-claims.js';
import { InvalidTokenError } from './token-errors.js';
import { TokenVerifier, type VerifiedToken } from './token-verifier.js';

interface CheckedToken {
  readonly header: { readonly crit?: unknown };
  readonly payload: unknown;
}

/** HS256 with the current secret, or with the previous one while secrets rotate (AUTH-2). */
export class SecretTokenVerifier extends TokenVerifier {
  private readonly services: readonly JwtService[];

  constructor(secrets: readonly string[], options: TokenOptions) {
    super();
    const verifyOptions = { algorithms: ['HS256' as const], ...expectedClaims(options) };
    // A key object: a string would be tried as a public key first, at every call.
    this.services = secrets.map((secret) => new JwtService({ secret: createSecretKey(secret, 'utf8'), verifyOptions }));
  }

  override verify(token: string): VerifiedToken {
    refuseOverlong(token);
    const { header, payload } = this.checkSignature(token);
    // RFC 7515, 4.1.11: extensions that must be understood. None is, and `jsonwebtoken` does not look.
    if (header.crit !== undefined) throw new InvalidTokenError('unknown critical header');
    return readClaims(payload);
  }

  private checkSignature(token: string): CheckedToken {
    let reason = 'no secret';
    for (const service of this.services) {
      try {
        return service.verify<CheckedToken>(token, { complete: true });
      } catch (error) {
        // The text of a JSON error quotes the token: only the kind of error is passed on.
        reason = error instanceof Error ? error.name : 'unreadable';
      }
    }
    throw new InvalidTokenError(reason);
  }
}
