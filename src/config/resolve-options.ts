import { ConfigurationError } from './configuration-error.js';
import { checkSecret } from './environment-rules.js';
import { DEFAULT_OPTIONS, type MilongaOptions } from './options.js';
import { resolveTokenSecret } from './token-secret.js';

/** The options that differ from the defaults; sections may be given in part. */
export type MilongaSettings = { readonly [K in keyof MilongaOptions]?: Section<MilongaOptions[K]> | undefined };

type Section<T> = T extends object ? { readonly [K in keyof T]?: T[K] | undefined } : T;

/**
 * `settings` completed by the defaults and, outside production, by a token secret made once and kept in the data
 * directory.
 *
 * @throws ConfigurationError where no token could be checked or anyone could make one, and for a cluster without a database that nodes can share
 */
export async function resolveOptions(settings: MilongaSettings): Promise<MilongaOptions> {
  const options = overlay(DEFAULT_OPTIONS, settings);
  const { tokens, database, production, redisUrl } = options;
  if (redisUrl !== undefined && database.url === undefined) {
    throw new ConfigurationError('redisUrl', 'needs database.url: the embedded database serves a single node');
  }
  if (production) {
    checkSecret('tokens.secret', tokens.secret);
    checkSecret('tokens.previousSecret', tokens.previousSecret);
  }
  if ([tokens.secret, tokens.publicKey, tokens.jwksUrl].some(Boolean)) return options;
  if (production)
    throw new ConfigurationError('tokens', 'a secret, a public key or a JWKS URL is needed in production');
  return { ...options, tokens: { ...tokens, secret: await resolveTokenSecret(database.dataDir) } };
}

/** `defaults` with what `settings` say, section by section; what is undefined there says nothing. */
function overlay<T extends object>(defaults: T, settings: object): T {
  const entries = Object.entries(settings).filter(([, given]) => given !== undefined);
  const merged = entries.map(([key, given]: [string, unknown]) => {
    const fallback: unknown = defaults[key as keyof T];
    return [key, isSection(fallback) && isSection(given) ? overlay(fallback, given) : given];
  });
  return { ...defaults, ...(Object.fromEntries(merged) as Partial<T>) };
}

function isSection(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
