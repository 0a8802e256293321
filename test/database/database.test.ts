import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { DatabaseHealth } from '../../src/database/database-health.js';
import { Database } from '../../src/database/database.js';
import { serverDataSource } from '../../src/database/data-source.js';
import { openDataSource } from '../../src/database/open-data-source.js';
import { OutcomeUnknownError, StorageUnavailableError } from '../../src/database/storage-errors.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { describeOnEachDatabase, describeOnPostgresql } from './databases.js';

const ADD = { name: 'test.add', text: 'SELECT $1::int + $2::int, $1::int' };
const DEADLINE_MS = 500;

describeOnEachDatabase('Database', (database) => {
  test('gives rows as arrays', async () => {
    expect(await database.database.query(ADD, [1, 2])).toEqual([[3, 1]]);
  });

  test('tells what the server refused', async () => {
    const wrong = { name: 'test.wrong', text: 'SELECT 1 / $1::int' };
    await expect(database.database.query(wrong, [0])).rejects.toMatchObject({ code: '22012' });
    expect(await database.database.query(ADD, [1, 2])).toEqual([[3, 1]]);
  });

  test('serves more callers than it has connections', async () => {
    const sums = await Promise.all(Array.from({ length: 100 }, (_, i) => database.database.query(ADD, [i, i])));
    expect(sums).toEqual(sums.map((_, i) => [[2 * i, i]]));
  });

  test('is healthy', async () => {
    expect(await new DatabaseHealth(database.database).check()).toBe(true);
  });
});

describeOnPostgresql('Database over a bad link', {}, (database) => {
  let proxy: TcpProxy;
  let dataSource: DataSource;
  let distant: Database;

  beforeEach(async () => {
    const { hostname, port } = new URL(database.url);
    proxy = await TcpProxy.start({ host: hostname, port: Number(port || 5432) });
    const url = new URL(database.url);
    url.host = `127.0.0.1:${proxy.port}`;
    dataSource = await openDataSource(serverDataSource(url.href));
    distant = new Database(dataSource);
  });

  afterEach(async () => {
    await proxy.stop();
    if (dataSource.isInitialized) await dataSource.destroy();
  });

  test('gives up on an answer, and is as good as new when the link is (P10)', async () => {
    await Promise.all(Array.from({ length: 10 }, () => distant.query(ADD, [1, 2])));
    proxy.stall();
    const queries = await Promise.allSettled(Array.from({ length: 30 }, () => distant.query(ADD, [1, 2], DEADLINE_MS)));
    for (const query of queries) expect(query).toMatchObject({ reason: expect.any(StorageUnavailableError) });
    expect(await new DatabaseHealth(distant).check()).toBe(false);
    await proxy.restore();
    expect(await distant.query(ADD, [1, 2])).toEqual([[3, 1]]);
    expect(await new DatabaseHealth(distant).check()).toBe(true);
  });

  test('tells a statement that was sent from one that was not', async () => {
    await distant.query(ADD, [1, 2]);
    proxy.stall();
    await expect(distant.query(ADD, [1, 2], DEADLINE_MS)).rejects.toBeInstanceOf(OutcomeUnknownError);
    await proxy.refuse();
    await expect(distant.query(ADD, [1, 2], DEADLINE_MS)).rejects.not.toBeInstanceOf(OutcomeUnknownError);
  });

  test('ends the wait of all when it is closed', async () => {
    await dataSource.destroy();
    await expect(distant.query(ADD, [1, 2])).rejects.toBeInstanceOf(StorageUnavailableError);
  });

  test('says why it cannot be opened', async () => {
    await proxy.refuse();
    const opening = openDataSource(serverDataSource(`postgres://root@localhost:${proxy.port}/test`));
    await expect(opening).rejects.toThrow(/The database cannot be opened: .*ECONNREFUSED/);
  });
});
