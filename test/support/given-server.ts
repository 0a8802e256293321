import { withSqlOn, type Sql } from './database.js';
import { http } from './http.js';
import { TestServer } from './server.js';
import { eventually } from './waiting.js';

/**
 * The server to judge instead of starting one: MILONGA_URL. It must run with RATE_LIMIT_PER_SECOND=0 and DEMO_LOGIN=true.
 * Suites that need its PostgreSQL database, its token secret or its API key run when they are told, too.
 */
const {
  MILONGA_URL: GIVEN_URL,
  MILONGA_DATABASE_URL: GIVEN_DATABASE_URL,
  MILONGA_JWT_SECRET: GIVEN_SECRET,
  MILONGA_API_KEY: GIVEN_API_KEY,
} = process.env;

/** What a suite does beyond speaking to the server as a client. */
export type Need = 'rows' | 'secret' | 'api key' | 'a server of its own';

export const isServerGiven = GIVEN_URL !== undefined;

/** Why a suite with this need cannot judge the given server; undefined when it can. */
export function obstacle(need: Need): string | undefined {
  switch (need) {
    case 'rows':
      return GIVEN_DATABASE_URL === undefined ? 'MILONGA_DATABASE_URL is not set' : undefined;
    case 'secret':
      return GIVEN_SECRET === undefined ? 'MILONGA_JWT_SECRET is not set' : undefined;
    case 'api key':
      return GIVEN_API_KEY === undefined ? 'MILONGA_API_KEY is not set' : undefined;
    case 'a server of its own':
      return 'needs a server of its own, not MILONGA_URL';
  }
}

export class GivenServer extends TestServer {
  readonly name = GIVEN_URL ?? 'no server given';
  readonly writesLive = true;
  readonly url = (GIVEN_URL ?? '').replace(/\/$/, '');
  readonly apiKey = GIVEN_API_KEY ?? '';

  async start(): Promise<void> {
    await eventually('The given server is ready', async () =>
      (await http(`${this.url}/health/ready`)).status === 200 ? true : undefined,
    );
  }

  async stop(): Promise<void> {
    // It is not ours to stop.
  }

  async arrange<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    if (GIVEN_DATABASE_URL === undefined) throw new Error('MILONGA_DATABASE_URL is not set');
    return withSqlOn(GIVEN_DATABASE_URL, work);
  }
}
