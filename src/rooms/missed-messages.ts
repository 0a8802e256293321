import type { Connection } from '../socket/connection.js';
import type { LiveRoom } from './live-room.js';

/** What a client that joins has of the room already, and what the room has. */
export interface JoinPoint {
  /** The highest id that the client saw; undefined: it asks for nothing. */
  readonly after: number | undefined;
  /** The room's newest id when its access was looked up. */
  readonly newestId: number;
}

/** How a join goes on, once what was missed is known (RES-1). */
export interface CatchUp {
  readonly lastId: number;
  readonly recovered: boolean;
  /**
   * Sends what was missed, then what has come since, and lets the connection have its place among the others. To be called
   * in the turn in which the seat was taken and `room_joined` was sent; and where neither was, to end it.
   *
   * @returns when the client has been sent all of it
   */
  readonly follow: () => Promise<void>;
}

/** Brings those who join up to what is live, without a hole and without a repeat. The feature that has the messages does it. */
export abstract class MissedMessages {
  /**
   * From now on nothing of the room reaches the connection, until `follow` or a rejection.
   *
   * @throws when what was missed cannot be read: then all is as if nobody had asked
   */
  abstract prepare(connection: Connection, room: LiveRoom, from: JoinPoint): Promise<CatchUp>;
}
