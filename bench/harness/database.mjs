import process from 'node:process';
import { URL } from 'node:url';
import pg from 'pg';
import { usernameOf } from '../generator/tokens.mjs';

const LOCAL_URL = 'postgres://root@127.0.0.1:5432/postgres';
const CONNECT_TIMEOUT_MS = 5_000;

/** A database of the bench's own, on the server that the environment names or one on this machine. */
export class ScratchDatabase {
  /**
   * @param {string} adminUrl
   * @param {string} name
   * @param {pg.Client} client connected to the scratch database
   * @param {string} url
   */
  constructor(adminUrl, name, client, url) {
    this.adminUrl = adminUrl;
    this.name = name;
    this.client = client;
    this.url = url;
  }

  /** @throws Error with one clear line when there is no PostgreSQL */
  static async create() {
    const adminUrl = process.env.TEST_DATABASE_URL ?? process.env.DATABASE_URL ?? LOCAL_URL;
    const name = `milonga_bench_${Date.now()}_${process.pid}`;
    await withClient(adminUrl, (admin) => admin.query(`CREATE DATABASE ${name}`)).catch((error) => {
      const { host } = new URL(adminUrl);
      throw new Error(`The bench needs a PostgreSQL in which it may create a database; ${host} says: ${error.message}
Name one by TEST_DATABASE_URL or DATABASE_URL.`);
    });
    const url = new URL(adminUrl);
    url.pathname = `/${name}`;
    const client = new pg.Client({ connectionString: url.href });
    client.on('error', () => undefined);
    await client.connect();
    return new ScratchDatabase(adminUrl, name, client, url.href);
  }

  /** To be called once the server under test has made its tables. @param {number} users */
  async fill(users) {
    await this.client.query(
      `INSERT INTO users (id, username) SELECT id, replace($2, '0', id::text) FROM generate_series(1, $1::int) AS id`,
      [users, usernameOf(0)],
    );
    await this.client.query('VACUUM ANALYZE users');
  }

  /** The same state for every server: no message, and no room but those that the workloads use. @param {string[]} slugs */
  async reset(slugs) {
    await this.client.query('TRUNCATE rooms CASCADE');
    await this.client.query('INSERT INTO rooms (slug) SELECT * FROM unnest($1::text[])', [slugs]);
  }

  async drop() {
    await this.client.end().catch(() => undefined);
    await withClient(this.adminUrl, (admin) => admin.query(`DROP DATABASE IF EXISTS ${this.name} WITH (FORCE)`));
  }
}

/** @template T @param {string} url @param {(client: pg.Client) => Promise<T>} work @returns {Promise<T>} */
async function withClient(url, work) {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
