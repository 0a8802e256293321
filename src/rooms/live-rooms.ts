import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { MILONGA_OPTIONS, type MilongaOptions } from '../config/options.js';
import type { UserLeft } from '../protocol/index.js';
import type { Connection, Departure } from '../socket/connection.js';
import type { SessionUser } from '../socket/session.js';
import { LiveRoom, type Seat } from './live-room.js';

const NO_ROOMS: ReadonlySet<LiveRoom> = new Set();

/** The rooms with somebody in them, and which connection is in which: the one owner of that state. */
@Injectable()
export class LiveRooms implements OnApplicationShutdown {
  private readonly bySlug = new Map<string, LiveRoom>();
  private readonly byConnection = new Map<Connection, Set<LiveRoom>>();

  constructor(@Inject(MILONGA_OPTIONS) private readonly options: MilongaOptions) {}

  get all(): Iterable<LiveRoom> {
    return this.bySlug.values();
  }

  get count(): number {
    return this.bySlug.size;
  }

  get(slug: string): LiveRoom | undefined {
    return this.bySlug.get(slug);
  }

  of(connection: Connection): ReadonlySet<LiveRoom> {
    return this.byConnection.get(connection) ?? NO_ROOMS;
  }

  /**
   * Gives `connection` a seat, or renews the one it has.
   *
   * @returns the room, and whether its user was not in it before
   */
  enter(connection: Connection, user: SessionUser, room: { id: number; slug: string }, seat: Seat) {
    const live = this.open(room);
    if (live.seats.has(connection)) {
      live.seats.set(connection, seat);
      return { room: live, isNewcomer: false };
    }
    live.seats.set(connection, seat);
    const rooms = this.byConnection.get(connection);
    if (rooms) rooms.add(live);
    else this.byConnection.set(connection, new Set([live]));
    return { room: live, isNewcomer: live.occupancy.enter(user) };
  }

  /** Takes the seat of `connection` away; without one nothing happens. */
  leave(connection: Connection, room: LiveRoom, departure: Departure): void {
    if (!room.seats.delete(connection)) return;
    const rooms = this.byConnection.get(connection);
    rooms?.delete(room);
    if (rooms?.size === 0) this.byConnection.delete(connection);
    if (connection.session) room.occupancy.leave(connection.session.user.id, departure);
  }

  /** Takes every seat of a user away, and ends the grace. */
  evict(userId: number, room: LiveRoom): void {
    for (const connection of [...room.seats.keys()]) {
      if (connection.session?.user.id === userId) this.leave(connection, room, 'left');
    }
    room.occupancy.expel(userId);
  }

  onApplicationShutdown(): void {
    for (const room of this.bySlug.values()) room.occupancy.clear();
    this.bySlug.clear();
  }

  private open({ id, slug }: { id: number; slug: string }): LiveRoom {
    const known = this.bySlug.get(slug);
    if (known?.id === id) return known;
    // Another room took the slug over: who is still in the old one has lost it.
    if (known) for (const userId of [...known.occupancy.userIds]) this.evict(userId, known);
    const room = new LiveRoom(id, slug, this.options.presenceGraceMs, (live, user) => this.onGone(live, user));
    this.bySlug.set(slug, room);
    return room;
  }

  private onGone(room: LiveRoom, { id, username }: SessionUser): void {
    const frame: UserLeft = {
      type: 'user_left',
      data: { userId: id, username, roomSlug: room.slug },
      timestamp: Date.now(),
    };
    room.announce(frame, id);
    if (room.isEmpty && this.bySlug.get(room.slug) === room) this.bySlug.delete(room.slug);
  }
}
