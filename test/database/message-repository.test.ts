import { beforeEach, describe, expect, test } from '@jest/globals';
import { MessageRepository, type MessageRow } from '../../src/chat/message.repository.js';
import { BatchRejectedError } from '../../src/chat/storage-errors.js';
import { unique } from '../support/unique.js';
import { describeOnEachDatabase } from './databases.js';

const DEADLINE_MS = 10_000;
const NOON = new Date('2026-11-23T12:00:00.123Z');

describeOnEachDatabase('MessageRepository', (database) => {
  let repository: MessageRepository;
  let roomSlug: string;
  let roomId: number;

  beforeEach(async () => {
    repository = new MessageRepository(database.database);
    roomSlug = unique('room');
    roomId = await makeRoom(roomSlug);
  });

  async function makeRoom(slug: string): Promise<number> {
    const [row] = await database.sql('INSERT INTO rooms (slug) VALUES ($1) RETURNING id', [slug]);
    return Number(row?.['id']);
  }

  function row(slug: string, { userId = 1, message = `text of ${slug}`, room = roomId } = {}): MessageRow {
    return { roomId: room, userId, slug, message };
  }

  async function store(...rows: MessageRow[]): Promise<(number | undefined)[]> {
    return [...(await repository.insertBatch(rows, NOON, DEADLINE_MS)).ids];
  }

  test('stores a batch in its order and gives the ids in that order (CHAT-5)', async () => {
    const slugs = Array.from({ length: 500 }, (_, i) => `m${i}`);
    const ids = await store(...slugs.map((slug) => row(slug)));

    expect(ids).toEqual([...ids].sort((a, b) => a! - b!));
    const { messages } = await repository.page({ roomId, limit: 1_000 });
    expect(messages.map(({ slug }) => slug)).toEqual(slugs);
    expect(messages.map(({ id }) => id)).toEqual(ids);
  });

  test('stores text as it is', async () => {
    const message = `'"\\{},NULL \n\t{a,"b"} I <3 tango, مرحبا 👨‍👩‍👧`;
    await store(row('a,"b"\\', { message }));
    expect(await repository.findBySlugs([row('a,"b"\\')])).toMatchObject([{ message, createdAt: NOON }]);
  });

  test('stores the same room, user and slug once (CHAT-4)', async () => {
    const [first] = await store(row('m'));
    expect(await store(row('m', { message: 'another text' }), row('m', { userId: 2 }))).toEqual([
      undefined,
      expect.any(Number),
    ]);
    expect(await repository.findOwn(roomSlug, 1, 'm')).toEqual({
      id: first,
      userId: 1,
      slug: 'm',
      messageType: 'TEXT',
      message: 'text of m',
      createdAt: NOON,
    });
  });

  test('of two equal keys in a batch stores the first', async () => {
    expect(await store(row('m', { message: 'first' }), row('m', { message: 'second' }), row('n'))).toEqual([
      expect.any(Number),
      undefined,
      expect.any(Number),
    ]);
    expect(await repository.findOwn(roomSlug, 1, 'm')).toMatchObject({ message: 'first' });
  });

  test('stores one message in each of 500 rooms', async () => {
    const rooms = await database.sql(
      'INSERT INTO rooms (slug) SELECT $1 || i FROM generate_series(1, 500) AS i RETURNING id',
      [unique('many')],
    );
    const ids = await store(...rooms.map(({ id }) => row('m', { room: Number(id) })));
    expect(ids.every((id) => id !== undefined)).toBe(true);
  });

  test('stores nothing of a batch that the database refuses (P2)', async () => {
    const rejected = store(row('good'), row('bad', { room: 2_000_000_000 }));
    await expect(rejected).rejects.toMatchObject({ name: 'BatchRejectedError', sqlState: '23503' });
    await expect(rejected).rejects.toBeInstanceOf(BatchRejectedError);
    expect(await repository.findBySlugs([row('good')])).toEqual([undefined]);
  });

  test('finds messages in the order asked for, deleted ones too', async () => {
    const [a, b] = await store(row('a'), row('b'));
    await database.sql('UPDATE messages SET deleted_at = now() WHERE id = $1', [b]);
    const found = await repository.findBySlugs([row('b'), row('c'), row('a'), row('b')]);
    expect(found.map((message) => message?.id)).toEqual([b, undefined, a, b]);
  });

  test('finds nothing of a room that is not there', async () => {
    expect(await repository.findOwn(unique('nowhere'), 1, 'm')).toBeUndefined();
  });

  describe('page', () => {
    let ids: number[];

    beforeEach(async () => {
      ids = (await store(...['a', 'b', 'c', 'd', 'e'].map((slug) => row(slug)))).map(Number);
      await store(row('elsewhere', { room: await makeRoom(unique('other')) }));
      await database.sql('UPDATE messages SET deleted_at = now() WHERE id = $1', [ids[2]]);
    });

    test.each([
      { query: { limit: 10 }, slugs: 'abde', hasMore: false },
      { query: { limit: 4 }, slugs: 'abde', hasMore: false },
      { query: { limit: 2 }, slugs: 'de', hasMore: true },
      { query: { limit: 1, before: 3 }, slugs: 'b', hasMore: true },
      { query: { limit: 2, before: 1 }, slugs: 'a', hasMore: false },
      { query: { limit: 2, after: 0 }, slugs: 'bd', hasMore: true },
      { query: { limit: 9, after: 0 }, slugs: 'bde', hasMore: false },
      { query: { limit: 9, after: 0, before: 4 }, slugs: 'bd', hasMore: false },
      { query: { limit: 9, after: 4 }, slugs: '', hasMore: false },
    ])('gives $slugs for $query, where numbers are places', async ({ query, slugs, hasMore }) => {
      const { limit, before, after } = query;
      const page = await repository.page({
        roomId,
        limit,
        before: before === undefined ? undefined : ids[before],
        after: after === undefined ? undefined : ids[after],
      });
      expect(page.messages.map(({ slug }) => slug).join('')).toBe(slugs);
      expect(page.hasMore).toBe(hasMore);
    });

    test('shows messages whole', async () => {
      const { messages } = await repository.page({ roomId, limit: 1 });
      expect(messages).toEqual([
        { id: ids[4], userId: 1, slug: 'e', messageType: 'TEXT', message: 'text of e', createdAt: NOON },
      ]);
    });
  });
});
