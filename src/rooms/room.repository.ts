import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { intArray } from '../database/int-array.js';
import type { RoomRole } from './room-member.entity.js';
import type { RoomVisibility } from './room.entity.js';

/** What decides whether a user may enter a room, and speak there (ROOM-4, CHAT-6). */
export interface RoomAccess {
  readonly roomId: number;
  readonly slug: string;
  readonly visibility: RoomVisibility;
  /** Undefined: the user has no membership row. */
  readonly role: RoomRole | undefined;
  readonly bannedAt: Date | null;
  readonly mutedUntil: Date | null;
  /** The newest message in the room; 0 when there is none. */
  readonly newestId: number;
}

export interface RoomUser {
  readonly roomId: number;
  readonly userId: number;
}

/** Somebody who is banned from a room, muted in it, or both. */
export interface RoomRestriction extends RoomUser {
  readonly bannedAt: Date | null;
  /** Null, or later than the database's clock. */
  readonly mutedUntil: Date | null;
}

/** How a set of rooms stands now. */
export interface RoomStates {
  /** Visibility by room id. A room that is not in here exists no more. */
  readonly visibilities: ReadonlyMap<number, RoomVisibility>;
  /** Everybody banned or muted in those rooms, connected or not. */
  readonly restrictions: readonly RoomRestriction[];
}

const FIND_ACCESS = {
  name: 'rooms.find-access',
  text: `
    SELECT room.id, room.slug, room.visibility, member.role, member.banned_at, member.muted_until,
      coalesce((SELECT id FROM messages WHERE messages.room_id = room.id ORDER BY id DESC LIMIT 1), 0)
    FROM unnest($1::text[], $2::int[]) WITH ORDINALITY AS request (slug, user_id, place)
    LEFT JOIN rooms AS room ON room.slug = request.slug
    LEFT JOIN room_members AS member ON member.room_id = room.id AND member.user_id = request.user_id
    ORDER BY request.place`,
};

const CREATE_PUBLIC = {
  name: 'rooms.create-public',
  // In one order everywhere, so that two nodes that make the same rooms cannot deadlock.
  text: `
    INSERT INTO rooms (slug) SELECT DISTINCT slug FROM unnest($1::text[]) AS wanted (slug) ORDER BY slug
    ON CONFLICT (slug) DO NOTHING`,
};

const FIND_VISIBILITIES = {
  name: 'rooms.find-visibilities',
  text: 'SELECT id, visibility FROM rooms WHERE id = ANY($1::int[])',
};

const FIND_RESTRICTIONS = {
  name: 'rooms.find-restrictions',
  // The first condition is that of the partial index `room_members_restricted`.
  text: `
    SELECT room_id, user_id, banned_at, CASE WHEN muted_until > now() THEN muted_until END
    FROM room_members
    WHERE (banned_at IS NOT NULL OR muted_until IS NOT NULL)
      AND (banned_at IS NOT NULL OR muted_until > now())
      AND room_id = ANY($1::int[])`,
};

const FIND_NON_MEMBERS = {
  name: 'rooms.find-non-members',
  text: `
    SELECT pair.room_id, pair.user_id
    FROM unnest($1::int[], $2::int[]) AS pair (room_id, user_id)
    WHERE NOT EXISTS (
      SELECT FROM room_members AS member WHERE member.room_id = pair.room_id AND member.user_id = pair.user_id
    )`,
};

type AccessRow = [
  roomId: number | null,
  slug: string,
  visibility: RoomVisibility,
  role: RoomRole | null,
  bannedAt: Date | null,
  mutedUntil: Date | null,
  newestId: string,
];
type RestrictionRow = [roomId: number, userId: number, bannedAt: Date | null, mutedUntil: Date | null];

/** Rooms and memberships. Constant statements, whatever the number of rows. */
@Injectable()
export class RoomRepository {
  constructor(private readonly database: Database) {}

  /** In the order of `requests`; undefined where there is no such room. */
  async findAccess(
    requests: readonly { readonly slug: string; readonly userId: number }[],
  ): Promise<(RoomAccess | undefined)[]> {
    const rows = await this.database.query<AccessRow>(FIND_ACCESS, [
      requests.map((request) => request.slug),
      requests.map((request) => request.userId),
    ]);
    return rows.map(([roomId, slug, visibility, role, bannedAt, mutedUntil, newestId]) =>
      roomId === null
        ? undefined
        : { roomId, slug, visibility, role: role ?? undefined, bannedAt, mutedUntil, newestId: Number(newestId) },
    );
  }

  /** Makes those public rooms that do not exist yet (ROOM-3); leaves the others as they are. */
  async createPublic(slugs: readonly string[]): Promise<void> {
    await this.database.query(CREATE_PUBLIC, [slugs]);
  }

  /**
   * How these rooms stand now, for the watch over live rooms (ROOM-9).
   *
   * Cheap enough to ask every other second for 10,000 rooms: the primary key, and an index of the few restricted rows.
   */
  async findStates(roomIds: readonly number[]): Promise<RoomStates> {
    const [rooms, restricted] = await Promise.all([
      this.database.query<[roomId: number, visibility: RoomVisibility]>(FIND_VISIBILITIES, [intArray(roomIds)]),
      this.database.query<RestrictionRow>(FIND_RESTRICTIONS, [intArray(roomIds)]),
    ]);
    return {
      visibilities: new Map(rooms),
      restrictions: restricted.map(([roomId, userId, bannedAt, mutedUntil]) => ({
        roomId,
        userId,
        bannedAt,
        mutedUntil,
      })),
    };
  }

  /**
   * Those of `pairs` without a membership row: whom to send away, where the room is private (ROOM-9).
   *
   * The answer is short when nothing changed, but the question is not: ask for private rooms only.
   */
  async findNonMembers(pairs: readonly RoomUser[]): Promise<RoomUser[]> {
    const rows = await this.database.query<[roomId: number, userId: number]>(FIND_NON_MEMBERS, [
      intArray(pairs.map((pair) => pair.roomId)),
      intArray(pairs.map((pair) => pair.userId)),
    ]);
    return rows.map(([roomId, userId]) => ({ roomId, userId }));
  }
}
