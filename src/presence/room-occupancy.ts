import type { Departure } from '../socket/connection.js';
import type { SessionUser } from '../socket/session.js';

export interface OccupancyListener {
  /** The user is in the room by way of this node. */
  arrivedHere(user: SessionUser): void;
  /** The user is not in the room by way of this node any more: for good, or maybe back in a moment. */
  leftHere(user: SessionUser, departure: Departure): void;
  /** The user is not in the room any more, by way of any node. Comes once each time, after `leftHere`. */
  gone(user: SessionUser): void;
}

/**
 * Which users are in one room. A user with several connections is one member (ROOM-5), on whatever nodes they are, and
 * one whose last connection dropped still is, for the grace (ROOM-7).
 */
export class RoomOccupancy {
  private readonly occupants = new Map<number, Occupant>();
  private here = 0;

  /** @param graceMs how long a dropped user still counts */
  constructor(
    private readonly graceMs: number,
    private readonly listener: OccupancyListener,
  ) {}

  /** Distinct users in the room, on all nodes. */
  get userCount(): number {
    return this.occupants.size;
  }

  /** Distinct users who are in the room by way of this node. */
  get countHere(): number {
    return this.here;
  }

  /** The users who are in the room by way of this node. */
  get usersHere(): SessionUser[] {
    return [...this.occupants.values()].filter(({ isHere }) => isHere).map(({ user }) => user);
  }

  /** The first `most` users in the room, by way of any node. */
  list(most: number): SessionUser[] {
    const users: SessionUser[] = [];
    for (const { user } of this.occupants.values()) {
      if (users.length === most) break;
      users.push(user);
    }
    return users;
  }

  /** The nodes, other than this one, by way of which the user is in the room. */
  nodesOf(userId: number): string[] {
    return [...(this.occupants.get(userId)?.nodes ?? [])];
  }

  /** Ids of the users who are in the room by way of that node. */
  usersOn(nodeId: string): number[] {
    return [...this.occupants.values()].filter(({ nodes }) => nodes.has(nodeId)).map(({ user }) => user.id);
  }

  /** Every other node by way of which somebody is in the room. */
  get nodes(): Set<string> {
    return new Set([...this.occupants.values()].flatMap(({ nodes }) => [...nodes]));
  }

  /** One more connection of `user` is in. @returns whether the user was not there before */
  enter(user: SessionUser): boolean {
    const known = this.occupants.get(user.id);
    const occupant = known ?? this.add(user);
    clearTimeout(occupant.grace);
    occupant.connections += 1;
    if (!occupant.isHere) {
      occupant.isHere = true;
      this.here += 1;
      this.listener.arrivedHere(user);
    }
    return !known;
  }

  /** One connection of the user is out. */
  leave(userId: number, departure: Departure): void {
    const occupant = this.occupants.get(userId);
    if (!occupant?.isHere) return;
    occupant.connections -= 1;
    if (occupant.connections > 0) return;
    const needsGrace = departure === 'dropped' && this.graceMs > 0 && occupant.nodes.size === 0;
    if (needsGrace) occupant.grace = setTimeout(() => this.removeHere(occupant, 'left'), this.graceMs).unref();
    else this.removeHere(occupant, departure);
  }

  /** The user is not here any more, with all connections, or from the grace. */
  expel(userId: number): void {
    const occupant = this.occupants.get(userId);
    if (!occupant) return;
    if (occupant.isHere) this.removeHere(occupant, 'left');
    else this.removeIfGone(occupant, 'left');
  }

  /** The user is in by way of another node: back from the grace, if in it. @returns whether the user was not there before */
  enterElsewhere(nodeId: string, user: SessionUser): boolean {
    const known = this.occupants.get(user.id);
    const occupant = known ?? this.add(user);
    occupant.nodes.add(nodeId);
    if (occupant.isHere && occupant.connections === 0) this.removeHere(occupant, 'left');
    else if (!occupant.isHere) clearTimeout(occupant.grace);
    return !known;
  }

  /** The user is not in by way of that other node any more. Who drops from several at once has the grace on each of them. */
  leaveElsewhere(nodeId: string, userId: number, departure: Departure = 'left'): void {
    const occupant = this.occupants.get(userId);
    if (occupant?.nodes.delete(nodeId)) this.removeIfGone(occupant, departure);
  }

  /** Whether the user is in the room by way of this node, or of another than `nodeId`. */
  isBeside(nodeId: string, userId: number): boolean {
    const occupant = this.occupants.get(userId);
    return occupant !== undefined && (occupant.isHere || [...occupant.nodes].some((other) => other !== nodeId));
  }

  /** Ends every grace without telling anyone: the process stops. */
  clear(): void {
    for (const occupant of this.occupants.values()) clearTimeout(occupant.grace);
    this.occupants.clear();
  }

  private add(user: SessionUser): Occupant {
    const occupant = { user, isHere: false, connections: 0, grace: undefined, nodes: new Set<string>() };
    this.occupants.set(user.id, occupant);
    return occupant;
  }

  private removeHere(occupant: Occupant, departure: Departure): void {
    clearTimeout(occupant.grace);
    occupant.isHere = false;
    occupant.connections = 0;
    this.here -= 1;
    this.listener.leftHere(occupant.user, departure);
    this.removeIfGone(occupant, 'left');
  }

  private removeIfGone(occupant: Occupant, departure: Departure): void {
    const { user, isHere, nodes } = occupant;
    if (isHere || nodes.size > 0) return;
    clearTimeout(occupant.grace);
    if (departure === 'dropped' && this.graceMs > 0) {
      occupant.grace = setTimeout(() => this.removeIfGone(occupant, 'left'), this.graceMs).unref();
      return;
    }
    this.occupants.delete(user.id);
    this.listener.gone(user);
  }
}

interface Occupant {
  readonly user: SessionUser;
  /** By way of this node: connected, or in the grace. */
  isHere: boolean;
  /** To this node. */
  connections: number;
  grace: NodeJS.Timeout | undefined;
  /** The other nodes that say that the user is in. */
  readonly nodes: Set<string>;
}
