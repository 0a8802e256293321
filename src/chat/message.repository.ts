import { Injectable } from '@nestjs/common';
import pg from 'pg';
import { Database } from '../database/database.js';
import type { Statement } from '../database/database-connection.js';
import { intArray } from '../database/int-array.js';
import { BatchOutcomeUnknownError, BatchRejectedError } from './storage-errors.js';
import { BatchStamp } from './batch-stamp.js';
import * as sql from './message.sql.js';

/** What a message is known by for ever (CHAT-4): no two rows have the same. */
export interface MessageKey {
  readonly roomId: number;
  readonly userId: number;
  readonly slug: string;
}

export interface MessageRow extends MessageKey {
  /** Clean (CHAT-7): without NUL above all, which the database refuses. */
  readonly message: string;
}

/** A message as the database has it. */
export interface StoredMessage {
  readonly id: number;
  readonly userId: number;
  readonly slug: string;
  readonly messageType: string;
  readonly message: string;
  /** To the millisecond that `insertBatch` was given. */
  readonly createdAt: Date;
}

export interface HistoryQuery {
  readonly roomId: number;
  /** Only messages with a smaller id. */
  readonly before?: number | undefined;
  /** Only messages with a greater id. The page then begins with the oldest of them, else it ends with the newest. */
  readonly after?: number | undefined;
  /** Most messages of the page, at least 1. */
  readonly limit: number;
}

export interface HistoryPage {
  /** Oldest first; deleted ones are left out. */
  readonly messages: StoredMessage[];
  /** Whether more follow in the direction of the query. */
  readonly hasMore: boolean;
}

type BatchRow = [ids: string, heads: string];
type StoredRow = [id: string, userId: number, slug: string, messageType: string, message: string, createdAt: Date];
type FoundRow = [roomId: number, ...StoredRow];
type ShownRow = [...StoredRow, isDeleted: boolean, read: number];
/** What is read where all that is found is being revoked. */
type NoRow = [id: null, ...nulls: [null, null, null, null, null, null], read: number];

/** What became of a batch. */
export interface StoredBatch {
  /** For each row its id, or undefined when it was stored before, or stands earlier in the same batch. */
  readonly ids: readonly (number | undefined)[];
  /** By room id: the room's newest message before the batch; 0 when there was none. */
  readonly heads: ReadonlyMap<number, number>;
}

/** A message that a member may not have seen. */
export interface ShownMessage extends StoredMessage {
  readonly isDeleted: boolean;
}

/** A part of a stretch of a room's messages. */
export interface Part<T extends StoredMessage = StoredMessage> {
  /** Oldest first. */
  readonly messages: T[];
  /** Whether that is all of the stretch, but for what is being revoked. */
  readonly isWhole: boolean;
}

/** How long the server is given to end one backend before it is asked again. */
const END_BACKEND_MS = 1_000;
const REVOKE_DEADLINE_MS = 5_000;
/** query_canceled: by `store_messages`, or by the server's own statement_timeout. */
const TOO_LATE = '57014';

@Injectable()
export class MessageRepository {
  private readonly stamps = new BatchStamp();

  constructor(private readonly database: Database) {}

  /** A page of a room's history, for `history` and the REST endpoint. */
  async page({ roomId, before, after, limit }: HistoryQuery): Promise<HistoryPage> {
    const statement = after === undefined ? sql.HISTORY_FROM_NEWEST : sql.HISTORY_FROM_OLDEST;
    const range = [roomId, after ?? 0, before ?? Number.MAX_SAFE_INTEGER, limit + 1];
    const rows = await this.database.whenCalm(() => this.database.query<StoredRow>(statement, range));
    const hasMore = rows.length > limit;
    const messages = rows.slice(0, limit).map(toStoredMessage);
    return { messages: after === undefined ? messages.reverse() : messages, hasMore };
  }

  /**
   * The messages stored under `keys`, deleted ones too: what repeats are answered from (CHAT-4).
   *
   * Whoever is told of a message here may acknowledge it: from then on `revoke` leaves it alone, on every node. And a
   * message that `insertBatch` took for a repeat may be gone by now, revoked.
   *
   * @returns in the order of `keys`; undefined where nothing is stored
   */
  async findBySlugs(keys: readonly MessageKey[]): Promise<(StoredMessage | undefined)[]> {
    const rows = await this.database.query<FoundRow>(sql.CONFIRM, keyColumns(keys));
    const found = new Map(rows.map(([roomId, ...row]) => [keyOf(roomId, row[1], row[2]), toStoredMessage(row)]));
    return keys.map(({ roomId, userId, slug }) => found.get(keyOf(roomId, userId, slug)));
  }

  /** As `findBySlugs`, for one message in a room that is known by its slug only. */
  async findOwn(roomSlug: string, userId: number, slug: string): Promise<StoredMessage | undefined> {
    const rows = await this.database.query<StoredRow>(sql.CONFIRM_OWN, [roomSlug, userId, slug]);
    return rows.map(toStoredMessage)[0];
  }

  /**
   * What stands after `afterId` in a room, oldest first, to be shown to its members: from then on `revoke` leaves it
   * alone, as after `findBySlugs`. Rows become visible in the order of their ids: what is behind the last is newer.
   */
  async showAfter(roomId: number, afterId: number, limit: number): Promise<Part<ShownMessage>> {
    const { rows, read } = await this.show(sql.SHOW_AFTER, [roomId, afterId, limit]);
    const messages = rows.map((row) => ({ ...toStoredMessage(row), isDeleted: row[6] }));
    return { messages, isWhole: read < limit };
  }

  /**
   * The newest of what stands behind `afterId` up to `lastId`, oldest first, to be shown as with `showAfter`. Deleted messages
   * are left out, and do not count.
   */
  async showTail(roomId: number, afterId: number, lastId: number, limit: number): Promise<Part> {
    const { rows, read } = await this.show(sql.SHOW_TAIL, [roomId, afterId, limit, lastId]);
    return { messages: rows.map(toStoredMessage), isWhole: read < limit };
  }

  private async show(statement: Statement, range: readonly number[]): Promise<{ rows: ShownRow[]; read: number }> {
    const rows = await this.database.whenCalm(() => this.database.query<ShownRow | NoRow>(statement, range));
    return { rows: rows.filter((row) => row[0] !== null), read: rows[0]?.[7] ?? 0 };
  }

  /** The newest id of each room, by room id; 0 where it has no message. */
  async heads(roomIds: readonly number[]): Promise<ReadonlyMap<number, number>> {
    const rows = await this.database.query<[roomId: number, head: string]>(sql.HEADS, [intArray(roomIds)]);
    return new Map(rows.map(([roomId, head]) => [roomId, Number(head)]));
  }

  /**
   * Stores a batch of at least one row, all rows or none, in one transaction that orders the writers of each room (CHAT-5, P4).
   *
   * @param deadlineMs for the answer, waiting for a connection included. A database that stood still and goes on later
   *   refuses the batch by itself.
   * @throws StorageUnavailableError when there was no connection: nothing was sent
   * @throws BatchRejectedError when the database refused: nothing is stored
   * @throws BatchOutcomeUnknownError when it did not answer: `revoke` must follow
   */
  async insertBatch(rows: readonly MessageRow[], createdAt: Date, deadlineMs: number): Promise<StoredBatch> {
    const connection = await this.database.connect(deadlineMs);
    try {
      const backend = await connection.backend();
      const { pid, startedAt } = backend;
      const stamp = this.stamps.next(createdAt);
      const values = [...keyColumns(rows), rows.map((row) => row.message), stamp, connection.deadlineOf(backend)];
      const [row] = await connection.execute<BatchRow>(sql.INSERT_BATCH, values).catch((error: unknown) => {
        throw error instanceof pg.DatabaseError
          ? new BatchRejectedError(error.code ?? '', { cause: error })
          : new BatchOutcomeUnknownError(stamp, { pid, startedAt }, { cause: error });
      });
      connection.release();
      return toStoredBatch(row as BatchRow);
    } catch (error) {
      // Where the database's clock has jumped, it calls late what is not: a new connection knows it anew.
      if (error instanceof BatchRejectedError && error.sqlState === TOO_LATE) connection.discard();
      else connection.release();
      throw error;
    }
  }

  /**
   * Undoes a batch whose outcome is unknown. Once this resolves none of its rows exists, nor will any appear (P2);
   * except those that `findBySlugs` has meanwhile shown to somebody, who may have acknowledged them (P1, P3).
   *
   * First the server process that was given the batch must end: it may be slow, not dead.
   *
   * @param keys of the rows that were given to `insertBatch`
   * @throws StorageUnavailableError when that could not be done in time: try again, and keep the rows' senders waiting
   */
  async revoke(
    keys: readonly MessageKey[],
    { backend, stamp }: Pick<BatchOutcomeUnknownError, 'backend' | 'stamp'>,
    deadlineMs: number = REVOKE_DEADLINE_MS,
  ): Promise<void> {
    const connection = await this.database.connect(deadlineMs);
    try {
      const target = [backend.pid, backend.startedAt, END_BACKEND_MS];
      while ((await connection.execute(sql.END_BACKEND, target)).length > 0);
      await connection.execute(sql.DELETE_BATCH, [...keyColumns(keys), stamp]);
    } finally {
      connection.release();
    }
  }
}

function keyColumns(keys: readonly MessageKey[]): unknown[] {
  return [
    intArray(keys.map((key) => key.roomId)),
    intArray(keys.map((key) => key.userId)),
    keys.map((key) => key.slug),
  ];
}

function toStoredBatch([ids, heads]: BatchRow): StoredBatch {
  return {
    ids: ids.split(',').map((id) => (id === '' ? undefined : Number(id))),
    heads: new Map(heads.split(',').map((head) => head.split(':').map(Number) as [number, number])),
  };
}

function keyOf(roomId: number, userId: number, slug: string): string {
  return `${roomId}:${userId}:${slug}`;
}

function toStoredMessage([id, userId, slug, messageType, message, createdAt]: [
  ...StoredRow,
  ...unknown[],
]): StoredMessage {
  return { id: Number(id), userId, slug, messageType, message, createdAt };
}
