import { ConfigurationError } from '../../config/configuration-error.js';
import type { TokenOptions } from '../../config/options.js';
import { jwksKeySource, pemKeySource } from './public-key-source.js';
import { PublicKeyTokenVerifier } from './public-key-token-verifier.js';
import { SecretTokenVerifier } from './secret-token-verifier.js';
import type { TokenVerifier } from './token-verifier.js';

/**
 * The verifier of the one family of keys that is configured (AUTH-2).
 *
 * @throws ConfigurationError when none or more than one is.
 */
export function tokenVerifierFor(options: TokenOptions): TokenVerifier {
  const { secret, previousSecret, publicKey, jwksUrl } = options;
  // An empty secret would be one that everybody knows: empty counts as not given.
  if ([secret, publicKey, jwksUrl].filter(Boolean).length !== 1) {
    throw new ConfigurationError('tokens', 'exactly one of secret, publicKey and jwksUrl must be given');
  }
  if (publicKey) return new PublicKeyTokenVerifier(pemKeySource(publicKey), options);
  if (jwksUrl) return new PublicKeyTokenVerifier(jwksKeySource(jwksUrl), options);
  const secrets = [secret, previousSecret].filter((given) => given !== undefined).filter(Boolean);
  return new SecretTokenVerifier(secrets, options);
}
