import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { MessageRepository, type MessageRow } from '../../src/chat/message.repository.js';
import { serverDataSource } from '../../src/database/data-source.js';
import { Database } from '../../src/database/database.js';
import { openDataSource } from '../../src/database/open-data-source.js';
import { unique } from '../support/unique.js';
import { eventually } from '../support/waiting.js';
import { describeOnPostgresql } from './databases.js';

/** Class of the locks that `store_messages` takes. */
const ROOM_LOCKS = 1_835_625_583;
const DEADLINE_MS = 20_000;

describeOnPostgresql('The order of a room with writers on two nodes (P4)', {}, (database) => {
  let node: DataSource;
  let writers: MessageRepository[];
  let rooms: number[];

  beforeEach(async () => {
    node = await openDataSource(serverDataSource(database.url));
    writers = [database.database, new Database(node)].map((each) => new MessageRepository(each));
    const made = await database.sql(
      'INSERT INTO rooms (slug) SELECT $1 || i FROM generate_series(1, 5) AS i RETURNING id',
      [unique('room')],
    );
    rooms = made.map(({ id }) => Number(id));
  });

  afterEach(async () => node.destroy());

  test('is the one in which messages become visible', async () => {
    const [roomId] = rooms as [number];
    let isWriting = true;
    const write = async (writer: MessageRepository, userId: number, size: number) => {
      for (let batch = 0; batch < 60; batch++) {
        const rows = Array.from({ length: size }, (_, i): MessageRow => {
          return { roomId, userId, slug: `${batch}-${i}`, message: 'm' };
        });
        await writer.insertBatch(rows, new Date(), DEADLINE_MS);
      }
    };
    // A reader with a cursor, as one that fills gaps: what it misses once it misses for ever.
    const seen: number[] = [];
    const read = async () => {
      let last = false;
      while (!last) {
        last = !isWriting;
        const rows = await node.query('SELECT id FROM messages WHERE room_id = $1 AND id > $2 ORDER BY id', [
          roomId,
          seen.at(-1) ?? 0,
        ]);
        seen.push(...(rows as { id: string }[]).map(({ id }) => Number(id)));
      }
    };
    const reading = read();
    await Promise.all([write(writers[0]!, 1, 300), write(writers[1]!, 2, 1), write(writers[1]!, 3, 40)]);
    isWriting = false;
    await reading;
    const stored = await database.sql('SELECT id FROM messages WHERE room_id = $1 ORDER BY id', [roomId]);
    expect(seen).toEqual(stored.map(({ id }) => Number(id)));
  }, 60_000);

  test('is fixed before the first id is drawn', async () => {
    const [roomId] = rooms as [number];
    const nextId = async () => (await database.sql('SELECT last_value FROM messages_id_seq'))[0]?.['last_value'];
    const before = await nextId();
    const holder = node.createQueryRunner();
    await holder.startTransaction();
    await holder.query('SELECT pg_advisory_xact_lock($1, $2)', [ROOM_LOCKS, roomId]);
    const insert = writers[0]!.insertBatch([{ roomId, userId: 1, slug: 'm', message: 'm' }], new Date(), DEADLINE_MS);
    await eventually('The writer waits', async () => {
      const waiting = await database.sql(
        `SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = $1 AND objid = $2 AND NOT granted`,
        [ROOM_LOCKS, roomId],
      );
      return waiting.length === 1 ? true : undefined;
    });
    expect(await nextId()).toEqual(before);
    await holder.commitTransaction();
    await holder.release();
    expect((await insert).ids).toEqual([expect.any(Number)]);
  });

  test('shows what stood in the room before a batch, whoever wrote it, and whatever was seen when the batch began', async () => {
    const [roomId] = rooms as [number];
    const row = (slug: string) => ({ roomId, userId: 1, slug, message: 'm' });
    const first = await writers[0]!.insertBatch([row('first'), row('second')], new Date(), DEADLINE_MS);
    const holder = node.createQueryRunner();
    await holder.startTransaction();
    await holder.query('SELECT pg_advisory_xact_lock($1, $2)', [ROOM_LOCKS, roomId]);
    const waiting = writers[1]!.insertBatch([row('later')], new Date(), DEADLINE_MS);
    await holder.query(`INSERT INTO messages (room_id, user_id, slug, message) VALUES ($1, 1, 'between', 'm')`, [
      roomId,
    ]);
    const [between] = (await holder.query(`SELECT id FROM messages WHERE slug = 'between'`)) as { id: string }[];
    await holder.commitTransaction();
    await holder.release();
    expect(Number(between?.id)).toBeGreaterThan(first.ids[1]!);
    expect((await waiting).heads).toEqual(new Map([[roomId, Number(between?.id)]]));
  });

  test('is never a deadlock, whatever the order of rooms in the batches', async () => {
    const write = async (writer: MessageRepository, userId: number, order: number[]) => {
      for (let batch = 0; batch < 100; batch++) {
        const rows = order.map((roomId): MessageRow => ({ roomId, userId, slug: `${batch}`, message: 'm' }));
        await writer.insertBatch(rows, new Date(), DEADLINE_MS);
      }
    };
    await Promise.all([write(writers[0]!, 1, rooms), write(writers[1]!, 2, rooms.toReversed())]);
    const [stored] = await database.sql('SELECT count(*)::int AS n FROM messages WHERE room_id = ANY($1)', [rooms]);
    expect(stored).toEqual({ n: 1_000 });
  }, 60_000);
});
