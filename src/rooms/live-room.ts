import { RoomOccupancy, type OccupancyListener } from '../presence/room-occupancy.js';
import type { ServerFrame, UserJoined, UserLeft, UserTyping } from '../protocol/index.js';
import type { Connection } from '../socket/connection.js';
import { encodeFrame } from '../socket/frame-encoder.js';
import type { SessionUser } from '../socket/session.js';
import { RoomTypists } from './room-typists.js';

/** What a connection may do in a room that it has joined. */
export interface Seat {
  /** Milliseconds since the epoch until which its user may not write; undefined: not muted. */
  mutedUntil: number | undefined;
}

/** CHAT-6 */
export function isMuted({ mutedUntil }: Seat): boolean {
  return mutedUntil !== undefined && mutedUntil > Date.now();
}

/** A room with somebody of this node in it, as this process sees it. */
export class LiveRoom {
  /** The connections that joined, in the order in which they did. */
  readonly seats = new Map<Connection, Seat>();
  readonly occupancy: RoomOccupancy;
  readonly typists = new RoomTypists((user, isTyping) => this.announceTyping(user, isTyping));
  /** The other nodes that have it open, as far as is known; one that has it no longer says so when it is told of it. */
  readonly elsewhere = new Set<string>();
  /** Messages that its members here were sent, each counted once. */
  messages = 0;
  /** Joins under way: they keep the room open. */
  pending = 0;
  /** Resolves once what other nodes say of the room is known, or can't be had. Never rejects. */
  synced: Promise<void> = Promise.resolve();
  /** Tells those who are in it now what is still to be told: called before somebody comes or goes. */
  settle: () => void = () => {};

  /** @param newestId of its messages when it was opened: what comes after is for those who are in it */
  constructor(
    readonly id: number,
    readonly slug: string,
    readonly newestId: number,
    graceMs: number,
    listenerOf: (room: LiveRoom) => OccupancyListener,
  ) {
    this.occupancy = new RoomOccupancy(graceMs, listenerOf(this));
  }

  /** Nobody of this node is in it. */
  get isDeserted(): boolean {
    return this.occupancy.countHere === 0 && this.pending === 0;
  }

  announceJoined({ id, username }: SessionUser): void {
    const data = { userId: id, username, roomSlug: this.slug };
    this.announce({ type: 'user_joined', data, roomSlug: this.slug, timestamp: Date.now() } satisfies UserJoined, id);
  }

  announceLeft({ id, username }: SessionUser): void {
    const data = { userId: id, username, roomSlug: this.slug };
    this.announce({ type: 'user_left', data, timestamp: Date.now() } satisfies UserLeft, id);
  }

  /** Tells others of protocol 2 that the user types, or has ended: those who read what they are sent as it comes (LIFE-2). */
  private announceTyping({ id, username }: SessionUser, isTyping: boolean): void {
    const data = { userId: id, username, roomSlug: this.slug, isTyping };
    const encoded = encodeFrame({ type: 'user_typing', data } satisfies UserTyping);
    for (const connection of this.seats.keys()) {
      if (connection.protocol === 2 && connection.session?.user.id !== id) connection.sendIfIdle(encoded);
    }
  }

  /** Sends `frame` to every connection in the room, except those of one user. */
  private announce(frame: ServerFrame, exceptUserId: number): void {
    const encoded = encodeFrame(frame);
    for (const connection of this.seats.keys()) {
      if (connection.session?.user.id !== exceptUserId) connection.sendEncoded(encoded);
    }
  }
}
