import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { unique } from './unique.js';
import { bounded } from './waiting.js';

export type Row = Readonly<Record<string, unknown>>;
export type Sql = (text: string, parameters?: readonly unknown[]) => Promise<readonly Row[]>;

/** The PostgreSQL server of the tests; undefined: only the embedded database is tried. */
export const TEST_DATABASE_URL = process.env['TEST_DATABASE_URL'];

/** Runs `work` with queries on the embedded database in `dataDir`, which only one process may have open at a time. */
export async function withEmbeddedSql<T>(dataDir: string, work: (sql: Sql) => Promise<T>): Promise<T> {
  const script = fileURLToPath(new URL('./embedded-sql.js', import.meta.url));
  const child = fork(script, [dataDir], { execArgv: [], env: { PATH: process.env['PATH'] } });
  const ended = once(child, 'exit');
  const answer = async () => {
    const message = once(child, 'message').then(([value]: unknown[]) => value);
    const failure = ended.then(() => {
      throw new Error(`The embedded database in ${dataDir} did not open`);
    });
    return bounded(Promise.race([message, failure]), 'An answer from the embedded database', 30_000);
  };
  try {
    await answer();
    return await work(async (text, parameters = []) => {
      const answered = answer();
      child.send({ text, parameters });
      return rowsOf(await answered);
    });
  } finally {
    if (child.connected) child.disconnect();
    await bounded(ended, 'Closing the embedded database', 30_000);
  }
}

function rowsOf(answer: unknown): readonly Row[] {
  const { rows, error } = answer as { rows?: readonly Row[]; error?: string };
  if (rows === undefined) throw new Error(error);
  return rows;
}

/** A fresh database on the PostgreSQL server of the tests. */
export class PostgresqlDatabase {
  private constructor(
    readonly url: string,
    private readonly name: string,
  ) {}

  static async create(): Promise<PostgresqlDatabase> {
    const name = unique('milonga').replace('-', '_');
    const url = new URL(serverUrl());
    await withSqlOn(url.href, (sql) => sql(`CREATE DATABASE ${name}`));
    url.pathname = `/${name}`;
    return new PostgresqlDatabase(url.href, name);
  }

  get address(): { host: string; port: number } {
    const { hostname, port } = new URL(this.url);
    return { host: hostname, port: Number(port || 5432) };
  }

  /** The URL of the same database by way of another port on this machine. */
  urlThrough(port: number): string {
    const url = new URL(this.url);
    url.hostname = '127.0.0.1';
    url.port = String(port);
    return url.href;
  }

  async drop(): Promise<void> {
    await withSqlOn(serverUrl(), (sql) => sql(`DROP DATABASE IF EXISTS ${this.name} WITH (FORCE)`));
  }
}

/** Runs `work` with queries on a PostgreSQL database, on a connection of its own. */
export async function withSqlOn<T>(url: string, work: (sql: Sql) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(async (text, parameters = []) => {
      const { rows } = await client.query<Row>(text, [...parameters]);
      return rows;
    });
  } finally {
    await client.end();
  }
}

function serverUrl(): string {
  if (TEST_DATABASE_URL === undefined) throw new Error('TEST_DATABASE_URL is not set');
  return TEST_DATABASE_URL;
}
