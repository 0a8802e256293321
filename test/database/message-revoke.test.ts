import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { MessageRepository, type MessageRow } from '../../src/chat/message.repository.js';
import { BatchOutcomeUnknownError } from '../../src/chat/storage-errors.js';
import { serverDataSource } from '../../src/database/data-source.js';
import { Database } from '../../src/database/database.js';
import { openDataSource } from '../../src/database/open-data-source.js';
import { StorageUnavailableError } from '../../src/database/storage-errors.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { unique } from '../support/unique.js';
import { eventually } from '../support/waiting.js';
import { describeOnEachDatabase, describeOnPostgresql, type TestDatabase } from './databases.js';

const NOON = new Date('2026-11-23T12:00:00.123Z');
const DEADLINE_MS = 10_000;
const SHORT_MS = 500;

async function makeRoom(database: TestDatabase): Promise<number> {
  const [room] = await database.sql('INSERT INTO rooms (slug) VALUES ($1) RETURNING id', [unique('room')]);
  return Number(room?.['id']);
}

async function storedSlugs(database: TestDatabase, roomId: number): Promise<unknown[]> {
  const rows = await database.sql('SELECT slug FROM messages WHERE room_id = $1 ORDER BY id', [roomId]);
  return rows.map(({ slug }) => slug);
}

async function unknownOutcome(batch: Promise<unknown>): Promise<BatchOutcomeUnknownError> {
  const error = await batch.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof BatchOutcomeUnknownError) return error;
  throw new Error('The outcome is known', { cause: error });
}

describeOnEachDatabase('An insert that misses its deadline', (database) => {
  test('is undone by revoke, and the connection is not used again (P2)', async () => {
    // Longer than the deadline, shorter than the test.
    await database.sql(`
      CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN IF NEW.message = 'slow' THEN PERFORM pg_sleep(2); END IF; RETURN NEW; END $$`);
    await database.sql('CREATE TRIGGER dawdle BEFORE INSERT ON messages FOR EACH ROW EXECUTE FUNCTION dawdle()');
    const repository = new MessageRepository(database.database);
    const roomId = await makeRoom(database);
    const row = (slug: string, message = 'quick'): MessageRow => ({ roomId, userId: 1, slug, message });
    await repository.insertBatch([row('old')], NOON, DEADLINE_MS);

    const rows = [row('old'), row('new'), row('newer', 'slow')];
    const cause = await unknownOutcome(repository.insertBatch(rows, NOON, SHORT_MS));
    await eventually('The batch is revoked', async () => {
      const failure = await repository.revoke(rows, cause).catch((error: unknown) => error);
      if (failure !== undefined) expect(failure).toBeInstanceOf(StorageUnavailableError);
      return failure === undefined ? true : undefined;
    });
    expect(await storedSlugs(database, roomId)).toEqual(['old']);
    expect((await repository.insertBatch([row('new')], NOON, DEADLINE_MS)).ids).toEqual([expect.any(Number)]);
    expect(await storedSlugs(database, roomId)).toEqual(['old', 'new']);
  });
});

describeOnPostgresql('A batch whose answer is lost', {}, (database) => {
  let proxy: TcpProxy;
  let distant: DataSource;
  let repository: MessageRepository;
  let nearby: MessageRepository;
  let roomId: number;

  beforeEach(async () => {
    const { hostname, port } = new URL(database.url);
    proxy = await TcpProxy.start({ host: hostname, port: Number(port || 5432) });
    const url = new URL(database.url);
    url.host = `127.0.0.1:${proxy.port}`;
    distant = await openDataSource(serverDataSource(url.href));
    repository = new MessageRepository(new Database(distant));
    nearby = new MessageRepository(database.database);
    roomId = await makeRoom(database);
  });

  afterEach(async () => {
    await proxy.restore();
    await distant.destroy();
    await proxy.stop();
  });

  const row = (slug: string): MessageRow => ({ roomId, userId: 1, slug, message: `text of ${slug}` });

  async function loseAnswer(rows: MessageRow[]): Promise<BatchOutcomeUnknownError> {
    await repository.insertBatch([row('warm up')], NOON, DEADLINE_MS);
    proxy.swallowAnswers();
    const cause = await unknownOutcome(repository.insertBatch(rows, NOON, SHORT_MS));
    await proxy.restore();
    return cause;
  }

  test('may be stored; then revoke takes back its own rows and no others', async () => {
    await nearby.insertBatch([row('old')], NOON, DEADLINE_MS);
    const rows = [row('old'), row('new')];
    const cause = await loseAnswer(rows);
    await eventually('The batch is stored', async () =>
      (await storedSlugs(database, roomId)).includes('new') ? true : undefined,
    );
    await repository.revoke(rows, cause);
    expect(await storedSlugs(database, roomId)).toEqual(['old', 'warm up']);
  });

  test('stays where a repeat of it was answered meanwhile (P1, P3)', async () => {
    const rows = [row('resent'), row('lost')];
    const cause = await loseAnswer(rows);
    await eventually('The repeat is answered', async () => (await nearby.findBySlugs([row('resent')]))[0]);
    await repository.revoke(rows, cause);
    expect(await storedSlugs(database, roomId)).toEqual(['warm up', 'resent']);
  });

  test('does not appear after revoke, though its backend was only slow (P2)', async () => {
    const holder = distant.createQueryRunner();
    await holder.startTransaction();
    await holder.query('LOCK TABLE messages IN SHARE MODE');
    const cause = await unknownOutcome(repository.insertBatch([row('late')], NOON, SHORT_MS));
    await database.sql('SELECT 1 FROM pg_stat_activity WHERE pid = $1', [cause.backend.pid]).then((backends) => {
      expect(backends).toHaveLength(1);
    });
    const revoked = repository.revoke([row('late')], cause);
    await eventually('The backend has ended', async () => {
      const backends = await database.sql('SELECT FROM pg_stat_activity WHERE pid = $1', [cause.backend.pid]);
      return backends.length === 0 ? true : undefined;
    });
    await holder.commitTransaction();
    await holder.release();
    await revoked;
    expect(await storedSlugs(database, roomId)).toEqual([]);
  });

  test('is refused by the database itself where that comes to it too late (P2)', async () => {
    const holder = distant.createQueryRunner();
    await holder.startTransaction();
    await holder.query('SELECT pg_advisory_xact_lock(1835625583, $1)', [roomId]);
    const cause = await unknownOutcome(repository.insertBatch([row('late')], NOON, SHORT_MS));
    await holder.commitTransaction();
    await holder.release();
    await eventually('The backend is done', async () => {
      const at = `SELECT FROM pg_stat_activity WHERE pid = $1 AND state = 'active'`;
      return (await database.sql(at, [cause.backend.pid])).length === 0 ? true : undefined;
    });
    expect(await storedSlugs(database, roomId)).toEqual([]);
  });

  test('does not cost another session its life that has the same pid by now', async () => {
    const other = distant.createQueryRunner();
    const [{ pid }] = (await other.query('SELECT pg_backend_pid() AS pid')) as [{ pid: number }];
    const cause = new BatchOutcomeUnknownError('2026-11-23T12:00:00.123001Z', {
      pid,
      startedAt: '2026-11-23 11:59:59.999999+00',
    });
    await repository.revoke([row('never')], cause);
    expect(await other.query('SELECT pg_backend_pid() AS pid')).toEqual([{ pid }]);
    await other.release();
  });

  test('is certainly not sent where no connection can be had', async () => {
    await proxy.refuse();
    const failure = await repository.insertBatch([row('m')], NOON, SHORT_MS).catch((error: unknown) => error);
    // A pooled connection may notice the break only when it is used.
    expect(failure instanceof StorageUnavailableError || failure instanceof BatchOutcomeUnknownError).toBe(true);
    await expect(repository.insertBatch([row('m')], NOON, SHORT_MS)).rejects.toBeInstanceOf(StorageUnavailableError);
    await proxy.restore();
    expect((await repository.insertBatch([row('m')], NOON, DEADLINE_MS)).ids).toEqual([expect.any(Number)]);
  });
});
