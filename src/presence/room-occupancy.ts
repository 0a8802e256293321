import type { Departure } from '../socket/connection.js';
import type { SessionUser } from '../socket/session.js';

/**
 * Which users are in one room. A user with several connections is one member (ROOM-5), and one whose last
 * connection dropped still is, for the grace (ROOM-7).
 */
export class RoomOccupancy {
  private readonly occupants = new Map<number, Occupant>();

  /**
   * @param graceMs how long a dropped user still counts
   * @param onGone called when a user is no longer in the room, once each time
   */
  constructor(
    private readonly graceMs: number,
    private readonly onGone: (user: SessionUser) => void,
  ) {}

  /** Distinct users in the room. */
  get userCount(): number {
    return this.occupants.size;
  }

  /** Ids of the users in the room. */
  get userIds(): Iterable<number> {
    return this.occupants.keys();
  }

  /** One more connection of `user` is in. @returns whether the user was not there before */
  enter(user: SessionUser): boolean {
    const occupant = this.occupants.get(user.id);
    if (!occupant) {
      this.occupants.set(user.id, { user, connections: 1, grace: undefined });
      return true;
    }
    clearTimeout(occupant.grace);
    occupant.connections += 1;
    return false;
  }

  /** One connection of the user is out. */
  leave(userId: number, departure: Departure): void {
    const occupant = this.occupants.get(userId);
    if (!occupant) return;
    occupant.connections -= 1;
    if (occupant.connections > 0) return;
    if (departure === 'left' || this.graceMs === 0) this.remove(occupant);
    else occupant.grace = setTimeout(() => this.remove(occupant), this.graceMs).unref();
  }

  /** The user is out for good, with all connections, or from the grace. */
  expel(userId: number): void {
    const occupant = this.occupants.get(userId);
    if (!occupant) return;
    clearTimeout(occupant.grace);
    this.remove(occupant);
  }

  /** Ends every grace without telling anyone: the process stops. */
  clear(): void {
    for (const occupant of this.occupants.values()) clearTimeout(occupant.grace);
    this.occupants.clear();
  }

  private remove(occupant: Occupant): void {
    this.occupants.delete(occupant.user.id);
    this.onGone(occupant.user);
  }
}

interface Occupant {
  readonly user: SessionUser;
  connections: number;
  grace: NodeJS.Timeout | undefined;
}
