import { join } from 'node:path';
import type { Environment } from '../support/server-process.js';

export interface StartRow {
  readonly what: string;
  readonly environment: (place: { readonly folder: string; readonly takenPort: number }) => Environment;
  /** Told to the shell before. */
  readonly before?: string;
  readonly says: RegExp;
}

const WEAK: StartRow[] = [
  ['no secret', undefined, /JWT_SECRET: must be set in production/],
  ['a short secret', 'hush', /JWT_SECRET: must be at least 32 bytes/],
  ["the contract's secret", 'your-production-secret', /JWT_SECRET: is a sample/],
  ['the secret of .env.example', 'replace-this-with-at-least-32-random-bytes', /JWT_SECRET: is a sample/],
  ["jwt.io's secret", 'a-string-secret-at-least-256-bits-long', /JWT_SECRET: is a sample/],
  [
    'a secret that many copied',
    'your-super-secret-jwt-token-with-at-least-32-characters-long',
    /JWT_SECRET: is a sample/,
  ],
  ['a secret of one letter', 'x'.repeat(64), /JWT_SECRET: repeats a few characters/],
].map(([what, secret, says]) => ({
  what: `${String(what)} in production`,
  environment: () => ({ NODE_ENV: 'production', JWT_SECRET: secret as string | undefined }),
  says: says as RegExp,
}));

export const BAD_STARTS: StartRow[] = [
  ...WEAK,
  {
    what: '60 open files',
    environment: () => ({}),
    before: 'ulimit -n 60;',
    says: /ulimit -n: this process may open 60 files; it needs 256/,
  },
  {
    what: 'a port that is taken',
    environment: ({ takenPort }) => ({ PORT: String(takenPort) }),
    says: /EADDRINUSE.*\d+/,
  },
  {
    what: 'a file for a directory',
    environment: ({ folder }) => ({ DATA_DIR: join(folder, 'file') }),
    says: /DATA_DIR: .* cannot be made/,
  },
  {
    what: 'a directory below a file',
    environment: ({ folder }) => ({ DATA_DIR: join(folder, 'file', 'data') }),
    says: /DATA_DIR: .* cannot be made/,
  },
  {
    what: 'a database that is not there',
    environment: () => ({ DATABASE_URL: 'postgres://u:hush@127.0.0.1:1/x' }),
    says: /cannot start.*(ECONNREFUSED|database)/i,
  },
  {
    what: 'a limit below zero',
    environment: () => ({ MAX_CONNECTIONS_PER_ADDRESS: '-1' }),
    says: /MAX_CONNECTIONS_PER_ADDRESS: .* whole number/,
  },
  {
    what: 'a limit in words',
    environment: () => ({ MAX_UNAUTHENTICATED_CONNECTIONS: 'many' }),
    says: /MAX_UNAUTHENTICATED_CONNECTIONS: .* whole number/,
  },
  {
    what: 'a delay of a minute',
    environment: () => ({ AUTH_FAILURE_DELAY_MS: '60000' }),
    says: /AUTH_FAILURE_DELAY_MS: .* from 0 to 5000/,
  },
];
