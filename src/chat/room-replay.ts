import { Inject, Injectable, Logger } from '@nestjs/common';
import { withDeadline } from '../batching/with-deadline.js';
import { MILONGA_OPTIONS, type MilongaOptions } from '../config/options.js';
import type { LiveRoom } from '../rooms/live-room.js';
import { MissedMessages, type CatchUp, type JoinPoint } from '../rooms/missed-messages.js';
import type { Connection } from '../socket/connection.js';
import { encodeTextFrames } from '../socket/frame-encoder.js';
import { Refusal } from '../socket/protocol-error.js';
import type { Latecomer } from './latecomer.js';
import { MissedReader } from './missed-reader.js';
import { RoomFeed } from './room-feed.js';
import { textBudget } from './text-budget.js';

/** With it, a ban is noticed within ROOM-9's 5 s also where it comes while a join waits. */
const READ_DEADLINE_MS = 2_500;
/** A client that does not read a piece for so long is cut off. */
const PIECE_PATIENCE_MS = 30_000;

/** Sends those who come back what they missed, out of the database, and has the live messages follow (RES-1, RES-2). */
@Injectable()
export class RoomReplay extends MissedMessages {
  private readonly logger = new Logger(RoomReplay.name);
  private readonly pieceText: number;

  constructor(
    @Inject(MILONGA_OPTIONS) { limits }: MilongaOptions,
    private readonly feed: RoomFeed,
    private readonly reader: MissedReader,
  ) {
    super();
    this.pieceText = textBudget(limits.sendBufferBytes);
  }

  /** @throws Refusal `storage_unavailable` */
  override async prepare(connection: Connection, room: LiveRoom, { after, newestId }: JoinPoint): Promise<CatchUp> {
    const lastId = Math.max(this.feed.cursorOf(room), newestId);
    // Who is in the room and asks for nothing goes on as before: some of what is older than `lastId` may be still to come.
    if (after === undefined && room.seats.has(connection)) return { lastId, recovered: false, follow: nothing };
    const latecomer = this.feed.hold(connection, room, lastId);
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
    return withDeadline(this.reader.read({ room, after, lastId }), READ_DEADLINE_MS);
  }

  private async follow(
    connection: Connection,
    room: LiveRoom,
    latecomer: Latecomer,
    missed: readonly string[],
  ): Promise<void> {
    const pieces = piecesOf(missed, this.pieceText);
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

function nothing(): Promise<void> {
  return Promise.resolve();
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
