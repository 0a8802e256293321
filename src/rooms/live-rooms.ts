import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { MILONGA_OPTIONS, type MilongaOptions } from '../config/options.js';
import type { OccupancyListener } from '../presence/room-occupancy.js';
import type { Connection, Departure } from '../socket/connection.js';
import type { SessionUser } from '../socket/session.js';
import { LiveRoom, type Seat } from './live-room.js';
import { RoomPresence } from './room-presence.js';

const NO_ROOMS: ReadonlySet<LiveRoom> = new Set();

/** The rooms with somebody of this node in them, and which connection is in which: the one owner of that state. */
@Injectable()
export class LiveRooms implements OnApplicationShutdown {
  private readonly bySlug = new Map<string, LiveRoom>();
  private readonly byConnection = new Map<Connection, Set<LiveRoom>>();
  private readonly leaveListeners: ((connection: Connection, room: LiveRoom) => void)[] = [];

  constructor(
    @Inject(MILONGA_OPTIONS) private readonly options: MilongaOptions,
    private readonly presence: RoomPresence,
  ) {}

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
   * The room, opened if it is not, and kept open until `done` is called: nobody need be in it yet.
   *
   * @param newestId of the room's messages
   */
  open(room: { id: number; slug: string }, newestId: number): { room: LiveRoom; done: () => void } {
    const live =
      this.find(room) ??
      this.add(new LiveRoom(room.id, room.slug, newestId, this.options.presenceGraceMs, this.listenerOf));
    live.pending += 1;
    return {
      room: live,
      done: () => {
        live.pending -= 1;
        this.closeIfDeserted(live);
      },
    };
  }

  /**
   * Gives `connection` a seat, or renews the one it has.
   *
   * @returns whether its user was not in the room before, on any node
   */
  enter(connection: Connection, user: SessionUser, room: LiveRoom, seat: Seat): boolean {
    const isSeated = room.seats.has(connection);
    if (!isSeated) room.settle();
    room.seats.set(connection, seat);
    if (isSeated) return false;
    const rooms = this.byConnection.get(connection);
    if (rooms) rooms.add(room);
    else this.byConnection.set(connection, new Set([room]));
    return room.occupancy.enter(user);
  }

  /** @param listener told of each seat that is taken away, before anybody else is */
  onLeave(listener: (connection: Connection, room: LiveRoom) => void): void {
    this.leaveListeners.push(listener);
  }

  /** Takes the seat of `connection` away; without one nothing happens. */
  leave(connection: Connection, room: LiveRoom, departure: Departure): void {
    if (!room.seats.has(connection)) return;
    room.settle();
    room.seats.delete(connection);
    for (const listener of this.leaveListeners) listener(connection, room);
    const rooms = this.byConnection.get(connection);
    rooms?.delete(room);
    if (rooms?.size === 0) this.byConnection.delete(connection);
    if (connection.session) room.occupancy.leave(connection.session.user.id, departure);
  }

  /** Takes every seat of a user away, and ends the grace. Who speaks protocol 2 is told (TOLD-3). */
  evict(userId: number, room: LiveRoom): void {
    for (const connection of [...room.seats.keys()]) {
      if (connection.session?.user.id !== userId) continue;
      this.leave(connection, room, 'left');
      if (connection.protocol === 2) connection.send({ type: 'room_removed', roomSlug: room.slug });
    }
    room.occupancy.expel(userId);
  }

  onApplicationShutdown(): void {
    for (const room of this.bySlug.values()) room.occupancy.clear();
    this.bySlug.clear();
  }

  private find({ id, slug }: { id: number; slug: string }): LiveRoom | undefined {
    const known = this.bySlug.get(slug);
    if (!known || known.id === id) return known;
    // Another room took the slug over: who is still in the old one has lost it.
    for (const user of known.occupancy.usersHere) this.evict(user.id, known);
    return undefined;
  }

  private add(room: LiveRoom): LiveRoom {
    this.bySlug.set(room.slug, room);
    room.synced = this.presence.open(room);
    return room;
  }

  private readonly listenerOf = (room: LiveRoom): OccupancyListener => ({
    arrivedHere: (user) => this.presence.arrivedHere(room, user),
    leftHere: (user, departure) => {
      this.presence.leftHere(room, user, departure);
      this.closeIfDeserted(room);
    },
    gone: (user) => this.presence.gone(room, user),
  });

  private closeIfDeserted(room: LiveRoom): void {
    if (!room.isDeserted) return;
    if (this.bySlug.get(room.slug) === room) this.bySlug.delete(room.slug);
    this.presence.close(room);
  }
}
