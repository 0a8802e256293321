import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { DataDirInUseError } from '../../src/database/embedded/data-dir-lock.js';
import { EmbeddedDatabase } from '../../src/database/embedded/embedded-database.js';
import { bounded, eventually } from '../support/waiting.js';

describe('EmbeddedDatabase', () => {
  let parent: string;
  let dataDir: string;
  let current: EmbeddedDatabase | undefined;

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'milonga-test-'));
    dataDir = join(parent, 'data');
  });

  afterEach(async () => {
    await current?.stop().catch(() => undefined);
    current = undefined;
    await rm(parent, { recursive: true });
  });

  async function start(directory = dataDir): Promise<EmbeddedDatabase> {
    current = await EmbeddedDatabase.start(directory);
    return current;
  }

  /** The database takes a connection when the last one is gone, which it may learn a moment later. */
  async function connectTo({ socketDir }: EmbeddedDatabase): Promise<pg.Client> {
    return eventually('A connection', async () => {
      const client = new pg.Client({ host: socketDir, user: 'postgres', database: 'postgres' });
      client.on('error', () => undefined);
      return client.connect().then(
        () => client,
        () => undefined,
      );
    });
  }

  async function query(database: EmbeddedDatabase, text: string): Promise<unknown[]> {
    const client = await connectTo(database);
    const { rows } = await client.query<Record<string, unknown>>(text);
    await client.end();
    return rows;
  }

  test('makes its directory, keeps its rows, and leaves nothing behind when it stops', async () => {
    const first = await start();
    expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
    expect((await stat(first.socketDir)).mode & 0o777).toBe(0o700);
    await query(first, 'CREATE TABLE kept AS SELECT 1 AS n');
    await first.stop();
    await expect(stat(first.socketDir)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await readdir(join(dataDir, 'lock'))).toEqual([]);

    expect(await query(await start(), 'SELECT n FROM kept')).toEqual([{ n: 1 }]);
  });

  test('opens a directory once at a time', async () => {
    await start();
    await expect(EmbeddedDatabase.start(dataDir)).rejects.toBeInstanceOf(DataDirInUseError);
  });

  test('is not misled by what a process left that was killed while it made a database', async () => {
    await mkdir(join(dataDir, 'postgres.new'), { recursive: true });
    await writeFile(join(dataDir, 'postgres.new', 'PG_VERSION'), '18');
    expect(await query(await start(), 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });

  test('says which directory it cannot use, and frees it', async () => {
    await mkdir(dataDir);
    await writeFile(join(dataDir, 'postgres'), 'not a directory');
    await expect(start()).rejects.toThrow(`The embedded database in ${dataDir} does not start`);
    await rm(join(dataDir, 'postgres'));
    await start();
  });

  test('works however long the path of the directory is', async () => {
    expect(await query(await start(join(dataDir, 'd'.repeat(150))), 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });

  test('tells when it has crashed, and frees its directory', async () => {
    const database = await start();
    const crash = new Promise<Error>((resolve) => database.onCrash(resolve));
    await database['thread']['worker'].terminate();
    expect(await bounded(crash, 'The crash is told')).toBeInstanceOf(Error);
    await database.stop();
    await start();
  });

  test('does not call it a crash to be stopped', async () => {
    const database = await start();
    let crashes = 0;
    database.onCrash(() => (crashes += 1));
    await database.stop();
    expect(crashes).toBe(0);
  });

  describe('to a client that comes after another', () => {
    test('is a fresh session', async () => {
      const database = await start();
      for (let client = 0; client < 2; client++) {
        const connection = await connectTo(database);
        const { rows } = await connection.query({ name: 'same', text: `SELECT current_setting('work_mem') AS memory` });
        expect(rows).toEqual([{ memory: '4MB' }]);
        await connection.query(`SET work_mem = '1MB'`);
        await connection.query('CREATE TEMP TABLE mine (n int)');
        await connection.end();
      }
    });

    test.each(['BEGIN; INSERT INTO t VALUES (1)', 'INSERT INTO t SELECT 1 FROM pg_sleep(1)'])(
      'shows nothing of a lost one that had not committed: %s',
      async (statement) => {
        const database = await start();
        await query(database, 'CREATE TABLE t (n int)');
        const lost = await connectTo(database);
        // Parse, Bind and Execute, but no Sync: the statement runs and waits for its commit.
        if (statement.startsWith('BEGIN')) await lost.query(statement);
        else void lost.query({ text: statement, values: [] }).catch(() => undefined);
        await lost.end();
        const [row] = await query(database, 'SELECT count(*)::int AS n FROM t');
        expect(row).toEqual({ n: 0 });
      },
    );
  });
});
