import type { LiveRoom } from '../rooms/live-room.js';
import type { Connection } from '../socket/connection.js';
import { joinSmall } from '../socket/frame-encoder.js';
import { Latecomer } from './latecomer.js';
import { countOf, framesOf, type Segment } from './segment.js';

/** Who is given the messages of one room: all members alike, but for those who are still being brought up to date. */
export class RoomAudience {
  /** Connections that are not to be given all that the others are. */
  private readonly latecomers = new Map<Connection, Latecomer>();
  /** The newest id that was given. */
  private given: number;

  /** @param sendBufferBytes as much may be held back for one connection */
  constructor(
    private readonly room: LiveRoom,
    private readonly sendBufferBytes: number,
  ) {
    this.given = room.newestId;
  }

  /** Gives what is live, in the order of the ids: the same bytes to all members. @returns frames sent */
  give(segments: readonly Segment[]): number {
    const { room, latecomers } = this;
    const count = countOf(segments);
    this.given = Math.max(this.given, segments.at(-1)?.upTo ?? 0);
    if (count > 0) {
      const frames = joinSmall(framesOf(segments));
      const members = latecomers.size === 0 ? room.seats.keys() : this.membersInTime();
      for (const connection of members) connection.sendPieces(frames, count);
    }
    for (const [connection, latecomer] of latecomers) {
      this.giveLate(connection, latecomer.take(segments));
      if (latecomer.heldBytes > this.sendBufferBytes && room.seats.has(connection)) connection.cutOff();
      this.settle(connection, latecomer);
    }
    room.messages += count;
    return count * room.seats.size;
  }

  /**
   * Holds back from the connection whatever the room has, until `release` or `abandon`.
   *
   * @param lastId parts what the database gives the connection from what it is given here
   */
  hold(connection: Connection, lastId: number): Latecomer {
    const latecomer = new Latecomer(lastId, this.latecomers.get(connection));
    this.latecomers.set(connection, latecomer);
    return latecomer;
  }

  /** What was missed has been sent: what was held back follows, if the connection has its seat. */
  release(connection: Connection, latecomer: Latecomer): void {
    this.giveLate(connection, latecomer.release());
    this.settle(connection, latecomer);
  }

  /** As if `hold` had not been called. */
  abandon(connection: Connection, latecomer: Latecomer): void {
    this.giveLate(connection, latecomer.abandon());
    if (latecomer.earlier) this.latecomers.set(connection, latecomer.earlier);
    else this.latecomers.delete(connection);
  }

  private giveLate(connection: Connection, segments: readonly Segment[]): void {
    const count = countOf(segments);
    if (count > 0 && this.room.seats.has(connection)) connection.sendPieces(joinSmall(framesOf(segments)), count);
  }

  private membersInTime(): Connection[] {
    return [...this.room.seats.keys()].filter((connection) => !this.latecomers.has(connection));
  }

  /** A latecomer is one no more when nothing that its join had included is still to be given; or when it is gone. */
  private settle(connection: Connection, latecomer: Latecomer): void {
    if (latecomer.isHolding) return;
    if (this.given >= latecomer.lastId || !this.room.seats.has(connection)) this.latecomers.delete(connection);
  }
}
