import { beforeEach, describe, expect, test } from '@jest/globals';
import { RoomRepository } from '../../src/rooms/room.repository.js';
import { unique } from '../support/unique.js';
import { describeOnEachDatabase } from './databases.js';

const PAST = new Date('2001-01-01T00:00:00Z');
const FAR = new Date('2999-01-01T00:00:00Z');

describeOnEachDatabase('RoomRepository', (database) => {
  let rooms: RoomRepository;
  let openSlug: string;
  let closedSlug: string;
  let open: number;
  let closed: number;

  beforeEach(async () => {
    rooms = new RoomRepository(database.database);
    [openSlug, closedSlug] = [unique('open'), unique('closed')];
    open = await insertRoom(openSlug, 'public');
    closed = await insertRoom(closedSlug, 'private');
  });

  async function insertRoom(slug: string, visibility: string): Promise<number> {
    const [row] = await database.sql('INSERT INTO rooms (slug, visibility) VALUES ($1, $2) RETURNING id', [
      slug,
      visibility,
    ]);
    return Number(row?.['id']);
  }

  async function insertMember(
    roomId: number,
    userId: number,
    {
      role = 'member',
      bannedAt = null,
      mutedUntil = null,
    }: Partial<Record<'role' | 'bannedAt' | 'mutedUntil', unknown>>,
  ): Promise<void> {
    await database.sql(
      'INSERT INTO room_members (room_id, user_id, role, banned_at, muted_until) VALUES ($1, $2, $3, $4, $5)',
      [roomId, userId, role, bannedAt, mutedUntil],
    );
  }

  test('findAccess answers in the order of the requests', async () => {
    await insertMember(closed, 1, { role: 'owner' });
    await insertMember(open, 2, { bannedAt: PAST, mutedUntil: FAR });
    await database.sql(`INSERT INTO messages (id, room_id, user_id, slug, message) VALUES (7, $1, 1, 'm', 'm')`, [
      open,
    ]);
    const access = await rooms.findAccess([
      { slug: closedSlug, userId: 1 },
      { slug: unique('nowhere'), userId: 1 },
      { slug: openSlug, userId: 2 },
      { slug: closedSlug, userId: 2 },
      { slug: closedSlug, userId: 1 },
    ]);
    const owner = {
      roomId: closed,
      slug: closedSlug,
      visibility: 'private',
      role: 'owner',
      bannedAt: null,
      mutedUntil: null,
      newestId: 0,
    };
    expect(access).toEqual([
      owner,
      undefined,
      {
        roomId: open,
        slug: openSlug,
        visibility: 'public',
        role: 'member',
        bannedAt: PAST,
        mutedUntil: FAR,
        newestId: 7,
      },
      { ...owner, role: undefined },
      owner,
    ]);
    expect(await rooms.findAccess([])).toEqual([]);
  });

  describe('createPublic', () => {
    test('makes what is missing and leaves the rest', async () => {
      const slug = unique('new');
      await rooms.createPublic([slug, closedSlug, slug]);
      const [made, kept] = await rooms.findAccess([
        { slug, userId: 1 },
        { slug: closedSlug, userId: 1 },
      ]);
      expect(made).toMatchObject({ visibility: 'public' });
      expect(kept).toMatchObject({ roomId: closed, visibility: 'private' });
    });

    test('makes a room once, however many ask at once', async () => {
      const slugs = [unique('a'), unique('b'), unique('c')];
      await Promise.all(
        Array.from({ length: 20 }, (_, i) => rooms.createPublic(i % 2 === 0 ? slugs : slugs.toReversed())),
      );
      const [row] = await database.sql('SELECT count(*)::int AS n FROM rooms WHERE slug = ANY($1)', [slugs]);
      expect(row).toEqual({ n: 3 });
    });
  });

  test('findStates tells visibilities, bans and mutes of the rooms asked for (ROOM-9)', async () => {
    const elsewhere = await insertRoom(unique('elsewhere'), 'public');
    await insertMember(elsewhere, 1, { bannedAt: PAST });
    await insertMember(open, 1, {});
    await insertMember(open, 2, { bannedAt: PAST });
    await insertMember(closed, 3, { mutedUntil: FAR });
    await insertMember(closed, 4, { mutedUntil: PAST });
    await insertMember(closed, 5, { bannedAt: PAST, mutedUntil: PAST });

    const { visibilities, restrictions } = await rooms.findStates([open, closed, 2_000_000_000]);
    expect(visibilities).toEqual(
      new Map([
        [open, 'public'],
        [closed, 'private'],
      ]),
    );
    expect([...restrictions].sort((a, b) => a.userId - b.userId)).toEqual([
      { roomId: open, userId: 2, bannedAt: PAST, mutedUntil: null },
      { roomId: closed, userId: 3, bannedAt: null, mutedUntil: FAR },
      { roomId: closed, userId: 5, bannedAt: PAST, mutedUntil: null },
    ]);
  });

  test('findNonMembers tells who has no membership row (ROOM-9)', async () => {
    await insertMember(closed, 1, {});
    const pairs = [
      { roomId: closed, userId: 1 },
      { roomId: closed, userId: 2 },
      { roomId: open, userId: 1 },
    ];
    expect(await rooms.findNonMembers(pairs)).toEqual(
      expect.arrayContaining([
        { roomId: closed, userId: 2 },
        { roomId: open, userId: 1 },
      ]),
    );
    expect(await rooms.findNonMembers(pairs)).toHaveLength(2);
    expect(await rooms.findNonMembers([])).toEqual([]);
  });
});
