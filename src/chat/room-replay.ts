import { Inject, Injectable, Logger } from '@nestjs/common';
import { withDeadline } from '../batching/with-deadline.js';
import { MILONGA_OPTIONS, type LimitOptions, type MilongaOptions } from '../config/options.js';
import type { LiveRoom } from '../rooms/live-room.js';
import { MissedMessages, type CatchUp, type JoinPoint } from '../rooms/missed-messages.js';
import type { Connection } from '../socket/connection.js';
import { encodeTextFrames } from '../socket/frame-encoder.js';
import { Refusal } from '../socket/protocol-error.js';
import type { Latecomer } from './latecomer.js';
import { MessageRepository } from './message.repository.js';
import { newMessageTexts, MessageViews } from './message-views.js';
import { RoomFeed } from './room-feed.js';

/** With it, a ban is noticed within ROOM-9's 5 s also where it comes while a join waits. */
const READ_DEADLINE_MS = 2_500;
/** UTF-16 units of text that are sent at once. */
const PIECE_TEXT = 65_536;
/** Bytes that a unit of text may take on the wire, doubled: a piece does not fill the send buffer (LIMIT-3). */
const SEND_BUFFER_BYTES_PER_UNIT = 6;
/** A client that does not read a piece for so long is cut off. */
const PIECE_PATIENCE_MS = 30_000;

/** Sends those who come back what they missed, out of the database, and has the live messages follow (RES-1, RES-2). */
@Injectable()
export class RoomReplay extends MissedMessages {
  private readonly logger = new Logger(RoomReplay.name);
  private readonly limits: LimitOptions;

  constructor(
    @Inject(MILONGA_OPTIONS) { limits }: MilongaOptions,
    private readonly feed: RoomFeed,
    private readonly repository: MessageRepository,
    private readonly views: MessageViews,
  ) {
    super();
    this.limits = limits;
  }

  /** @throws Refusal `storage_unavailable` */
  override async prepare(connection: Connection, room: LiveRoom, { after, newestId }: JoinPoint): Promise<CatchUp> {
    const latecomer = this.feed.hold(connection, room, newestId);
    const { lastId } = latecomer;
    const missed = await this.read(room, after, lastId).catch((error: unknown) => {
      this.logger.warn(`Could not read what was missed in a room: ${String(error)}`);
      this.feed.abandon(connection, room, latecomer);
      throw new Refusal('storage_unavailable');
    });
    const follow = () => this.follow(connection, room, latecomer, missed ?? []);
    return { lastId, recovered: missed !== undefined, follow };
  }

  /** @returns the frames of what was missed; undefined when that is not asked for, not of this history, or too much */
  private async read(room: LiveRoom, after: number | undefined, lastId: number): Promise<string[] | undefined> {
    if (after === undefined || after > lastId) return undefined;
    if (after === lastId) return [];
    const limit = this.limits.replayLimit + 1;
    const texts = this.repository
      .showBetween(room.id, after, lastId, limit)
      .then((rows) => (rows.length < limit ? this.views.of(rows, room.slug).then(newMessageTexts) : undefined));
    return withDeadline(texts, READ_DEADLINE_MS);
  }

  private async follow(
    connection: Connection,
    room: LiveRoom,
    latecomer: Latecomer,
    missed: readonly string[],
  ): Promise<void> {
    const pieces = piecesOf(missed, Math.min(PIECE_TEXT, this.limits.sendBufferBytes / SEND_BUFFER_BYTES_PER_UNIT));
    for (const [i, piece] of pieces.entries()) {
      // The client may have read some of it when its seat is taken away.
      if (!connection.isOpen || !room.seats.has(connection)) break;
      connection.sendEncoded(encodeTextFrames(piece), piece.length);
      if (i < pieces.length - 1) {
        await withDeadline(connection.taken(), PIECE_PATIENCE_MS).catch(() => connection.cutOff());
      }
    }
    this.feed.release(connection, room, latecomer);
  }
}

/** Divides `texts` so that no piece, but one of a single text, is longer than `length`. */
export function piecesOf(texts: readonly string[], length: number): string[][] {
  const pieces: string[][] = [];
  let room = 0;
  for (const text of texts) {
    room -= text.length;
    const piece = pieces.at(-1);
    if (piece && room >= 0) piece.push(text);
    else {
      pieces.push([text]);
      room = length - text.length;
    }
  }
  return pieces;
}
