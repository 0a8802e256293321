import { RoomOccupancy } from '../presence/room-occupancy.js';
import type { ServerFrame } from '../protocol/index.js';
import type { Connection } from '../socket/connection.js';
import { encodeFrame } from '../socket/frame-encoder.js';
import type { SessionUser } from '../socket/session.js';

/** What a connection may do in a room that it has joined. */
export interface Seat {
  /** Milliseconds since the epoch until which its user may not write; undefined: not muted. */
  mutedUntil: number | undefined;
}

/** A room with somebody in it, as this process sees it. */
export class LiveRoom {
  /** The connections that joined, in the order in which they did. */
  readonly seats = new Map<Connection, Seat>();
  readonly occupancy: RoomOccupancy;

  constructor(
    readonly id: number,
    readonly slug: string,
    graceMs: number,
    onGone: (room: LiveRoom, user: SessionUser) => void,
  ) {
    this.occupancy = new RoomOccupancy(graceMs, (user) => onGone(this, user));
  }

  get isEmpty(): boolean {
    return this.occupancy.userCount === 0;
  }

  /** Sends `frame` to every connection in the room, except those of one user. */
  announce(frame: ServerFrame, exceptUserId: number): void {
    const encoded = encodeFrame(frame);
    for (const connection of this.seats.keys()) {
      if (connection.session?.user.id !== exceptUserId) connection.sendEncoded(encoded);
    }
  }
}
