import { ConfigurationError } from './configuration-error.js';
import { DEFAULT_OPTIONS, type MilongaOptions } from './options.js';
import { resolveTokenSecret } from './token-secret.js';

/** The options that differ from the defaults; sections may be given in part. */
export type MilongaSettings = { readonly [K in keyof MilongaOptions]?: Section<MilongaOptions[K]> };

type Section<T> = T extends object ? Partial<T> : T;

/**
 * `settings` completed by the defaults and, outside production, by a token secret made once and kept in the data
 * directory.
 *
 * @throws ConfigurationError where no token could be checked
 */
export async function resolveOptions(settings: MilongaSettings): Promise<MilongaOptions> {
  const options: MilongaOptions = {
    ...DEFAULT_OPTIONS,
    ...settings,
    database: { ...DEFAULT_OPTIONS.database, ...settings.database },
    tokens: { ...DEFAULT_OPTIONS.tokens, ...settings.tokens },
    handshake: { ...DEFAULT_OPTIONS.handshake, ...settings.handshake },
    heartbeat: { ...DEFAULT_OPTIONS.heartbeat, ...settings.heartbeat },
    limits: { ...DEFAULT_OPTIONS.limits, ...settings.limits },
  };
  const { tokens, database, production } = options;
  if ([tokens.secret, tokens.publicKey, tokens.jwksUrl].some(Boolean)) return options;
  if (production)
    throw new ConfigurationError('tokens', 'a secret, a public key or a JWKS URL is needed in production');
  return { ...options, tokens: { ...tokens, secret: await resolveTokenSecret(database.dataDir) } };
}
