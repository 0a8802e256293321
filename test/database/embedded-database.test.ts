import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { DataDirInUseError } from '../../src/database/embedded/data-dir-lock.js';
import { EmbeddedDatabase } from '../../src/database/embedded/embedded-database.js';
import { bounded, eventually } from '../support/waiting.js';
import { freshDataDir } from './databases.js';

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
    dataDir = await freshDataDir(parent);
    await start();
    await expect(EmbeddedDatabase.start(dataDir)).rejects.toBeInstanceOf(DataDirInUseError);
  });

  test('is not misled by what a process left that was killed while it made a database', async () => {
    await mkdir(join(dataDir, 'postgres.new'), { recursive: true });
    await writeFile(join(dataDir, 'postgres.new', 'PG_VERSION'), '18');
    expect(await query(await start(), 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });

  test('says which directory it cannot use, and frees it', async () => {
    dataDir = await freshDataDir(parent);
    await rename(join(dataDir, 'postgres'), join(dataDir, 'away'));
    await writeFile(join(dataDir, 'postgres'), 'not a directory');
    await expect(start()).rejects.toThrow(`The embedded database in ${dataDir} does not start`);
    await rm(join(dataDir, 'postgres'));
    await rename(join(dataDir, 'away'), join(dataDir, 'postgres'));
    await start();
  });

  test('works however long the path of the directory is', async () => {
    const deep = join(parent, 'd'.repeat(150));
    await mkdir(deep);
    expect(await query(await start(await freshDataDir(deep)), 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });

  test('tells when it has crashed, and frees its directory', async () => {
    dataDir = await freshDataDir(parent);
    const database = await start();
    const crash = new Promise<Error>((resolve) => database.onCrash(resolve));
    // No such protocol: PGlite throws, and what state it is in nobody knows.
    connect(join(database.socketDir, '.s.PGSQL.5432')).end(Buffer.from([0, 0, 0, 8, 0, 1, 0, 0]));
    const { message: reason } = await bounded(crash, 'The crash is told');
    await expect(database.stop()).rejects.toThrow(reason);
    await start();
  });

  test('does not call it a crash to be stopped', async () => {
    const database = await start(await freshDataDir(parent));
    let crashes = 0;
    database.onCrash(() => (crashes += 1));
    await database.stop();
    expect(crashes).toBe(0);
  });

  describe('to a client that comes after another', () => {
    let database: EmbeddedDatabase;

    beforeEach(async () => {
      database = await start(await freshDataDir(parent));
      await query(database, 'CREATE TABLE t (n int)');
    });

    /** Sends an extended query without its Sync, so that it is not committed, and is lost once `answer` has come. */
    async function loseClientAfter(sql: string, answer: string): Promise<void> {
      const socket = connect(join(database.socketDir, '.s.PGSQL.5432'));
      socket.write(startup());
      socket.write(Buffer.concat([message('P', `\0${sql}\0\0\0`), message('B', '\0'.repeat(8))]));
      socket.write(Buffer.concat([message('E', '\0'.repeat(5)), message('H', '')]));
      let received = '';
      socket.on('data', (chunk) => (received += chunk.toString()));
      await eventually('The answer', () => (received.includes(answer) ? true : undefined));
      socket.destroy();
    }

    test('is a fresh session', async () => {
      for (let client = 0; client < 2; client++) {
        const connection = await connectTo(database);
        const { rows } = await connection.query({ name: 'same', text: `SELECT current_setting('work_mem') AS memory` });
        expect(rows).toEqual([{ memory: '4MB' }]);
        await connection.query(`SET work_mem = '1MB'`);
        await connection.query('CREATE TEMP TABLE mine (n int)');
        await connection.end();
      }
    });

    test('shows nothing of a lost transaction', async () => {
      const lost = await connectTo(database);
      await lost.query('BEGIN; INSERT INTO t VALUES (1)');
      await lost.end();
      expect(await query(database, 'SELECT n FROM t')).toEqual([]);
    });

    test('shows nothing of a lost statement that had run but not committed', async () => {
      await loseClientAfter('INSERT INTO t VALUES (1)', 'INSERT 0 1');
      expect(await query(database, 'SELECT n FROM t')).toEqual([]);
    });

    test('answers, though the last one was lost after an error', async () => {
      await loseClientAfter('INSERT INTO nowhere VALUES (1)', 'does not exist');
      expect(await query(database, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    });
  });
});

function startup(): Buffer {
  const parameters = Buffer.from('user\0postgres\0database\0postgres\0\0');
  const head = Buffer.alloc(8);
  head.writeInt32BE(8 + parameters.length);
  head.writeInt32BE(196_608, 4);
  return Buffer.concat([head, parameters]);
}

function message(type: string, body: string): Buffer {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(4 + body.length, 1);
  return Buffer.concat([head, Buffer.from(body)]);
}
