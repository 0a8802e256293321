import { ConfigurationError } from './configuration-error.js';
import type { ServerOptions } from './options.js';
import { MIN_SECRET_BYTES, weaknessOf } from './secret-strength.js';

/** What no single variable can be blamed for alone. */
interface Rule {
  readonly variable: string;
  readonly broken: (options: ServerOptions) => boolean;
  readonly problem: string;
}

const RULES: readonly Rule[] = [
  {
    variable: 'HEARTBEAT_TIMEOUT_MS',
    broken: ({ heartbeat }) => heartbeat.timeoutMs <= heartbeat.intervalMs,
    problem: 'must be more than HEARTBEAT_INTERVAL_MS, or healthy clients are cut off',
  },
  {
    variable: 'REDIS_URL',
    broken: ({ redisUrl, database }) => redisUrl !== undefined && database.url === undefined,
    problem: 'needs DATABASE_URL: the embedded database serves a single node',
  },
  {
    variable: 'JWT_JWKS_URL',
    broken: ({ tokens }) => tokens.jwksUrl !== undefined && tokens.publicKey !== undefined,
    problem: 'cannot be set together with JWT_PUBLIC_KEY: set one of the two',
  },
  {
    variable: 'JWT_JWKS_URL',
    broken: (options) => options.production && isPlainHttp(options.tokens.jwksUrl),
    problem:
      'must start with https:// in production (http:// only on this machine): who can change the keys can be anyone',
  },
  {
    variable: 'JWT_SECRET',
    broken: ({ production, tokens }) => production && tokens.secret === undefined && !hasPublicKeys(tokens),
    problem: `must be set in production, to at least ${MIN_SECRET_BYTES} bytes (or JWT_PUBLIC_KEY or JWT_JWKS_URL)`,
  },
  {
    variable: 'JWT_PREVIOUS_SECRET',
    broken: ({ tokens }) => tokens.previousSecret !== undefined && tokens.secret === undefined,
    problem: 'needs JWT_SECRET: it is the secret that JWT_SECRET replaces',
  },
];

/** @throws ConfigurationError for the first rule that is broken. */
export function checkRules(options: ServerOptions): void {
  const rule = RULES.find(({ broken }) => broken(options));
  if (rule) throw new ConfigurationError(rule.variable, rule.problem);
  if (!options.production) return;
  checkSecret('JWT_SECRET', options.tokens.secret);
  checkSecret('JWT_PREVIOUS_SECRET', options.tokens.previousSecret);
}

/** @param setting what an operator calls it @throws ConfigurationError for a secret that production cannot rely on */
export function checkSecret(setting: string, secret: string | undefined): void {
  const weakness = secret === undefined ? undefined : weaknessOf(secret);
  if (weakness !== undefined) throw new ConfigurationError(setting, weakness);
}

export function hasPublicKeys({ publicKey, jwksUrl }: Pick<ServerOptions['tokens'], 'publicKey' | 'jwksUrl'>): boolean {
  return publicKey !== undefined || jwksUrl !== undefined;
}

function isPlainHttp(url: string | undefined): boolean {
  return url?.startsWith('http://') === true && !['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname);
}
