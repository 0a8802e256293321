import { createSecretKey } from 'node:crypto';
import { JwtService } from '@nestjs/jwt';
import { ConfigurationError } from '../../config/configuration-error.js';
import type { TokenOptions } from '../../config/options.js';

/** Signs tokens that `SecretTokenVerifier` accepts: for the demo login, where no other service issues them. */
export class TokenIssuer {
  private readonly jwt: JwtService;

  /** @throws ConfigurationError where tokens belong to a public key, with which nothing can be signed. */
  constructor({ secret, issuer, audience }: TokenOptions) {
    if (!secret) throw new ConfigurationError('tokens', 'only a server with a secret can issue tokens');
    this.jwt = new JwtService({
      secret: createSecretKey(secret, 'utf8'),
      signOptions: {
        algorithm: 'HS256',
        ...(issuer !== undefined && { issuer }),
        ...(audience !== undefined && { audience }),
      },
    });
  }

  issue(userId: number, ttlSeconds: number): string {
    return this.jwt.sign({ sub: String(userId) }, { expiresIn: ttlSeconds });
  }
}
