import { Injectable, type OnModuleInit } from '@nestjs/common';
import { IsBoolean, IsInt, IsString, Min, ValidateIf } from 'class-validator';
import { Bus, type BusMessage, type Fields } from '../cluster/bus.js';
import { ClusterNodes } from '../cluster/cluster-nodes.js';
import { RecentChanges } from '../cluster/recent-changes.js';
import type { Departure } from '../socket/connection.js';
import type { SessionUser } from '../socket/session.js';
import { asShape } from '../validation/shape.js';
import type { LiveRoom } from './live-room.js';
import { RoomLinks } from './room-links.js';

/** A node's word about a room: that it has opened it. Its words about a room are numbered: `seq` follows `previous`. */
class Word {
  @IsInt()
  seq!: number;

  @IsInt()
  previous!: number;
}

/** Its word about one user in the room. */
class Movement extends Word {
  @IsInt()
  @Min(1)
  userId!: number;

  @IsString()
  username!: string;

  /** Of one who leaves: they may be back in a moment. */
  @ValidateIf(({ isDrop }: Movement) => isDrop !== undefined)
  @IsBoolean()
  isDrop?: boolean;
}

/** How far a node has come with its words about a room. */
class Position {
  @IsInt()
  seq!: number;
}

/** What this node has said of a room, and heard of it. */
interface Ledger {
  /** The number of this node's last word. */
  said: number;
  /** By node: the number of its last word. */
  readonly heard: Map<string, number>;
  resync: NodeJS.Timeout | undefined;
  /**
   * By user: who has left by way of this node, until all is heard that other nodes said before. They may be in by way of
   * one of those.
   */
  readonly leaving: Map<number, Leaving>;
}

interface Leaving {
  readonly user: SessionUser;
  /** By way of every node, as far as is known. */
  isGone: boolean;
}

const RESYNC_DELAY_MS = 50;
const ROOMS_A_READ = 200;

/**
 * Which users other nodes have in the rooms of this node. Each node says that it has a room open, and who comes and goes
 * by way of it, to the nodes that have it open too, and keeps the same in the shared memory, `room:<id>`: `<node>/<user>`
 * is a username, and `<node>` the number of the node's last word and of its users. Who opens a room, or has missed a word,
 * reads it there.
 * Every node works out for itself who is in, and tells its own members; so nobody waits for an answer, and what is lost is
 * found again.
 */
@Injectable()
export class RoomPresence implements OnModuleInit {
  private readonly ledgers = new Map<LiveRoom, Ledger>();
  /** By room: the number of this node's last word. */
  private readonly recent = new RecentChanges<number>();
  private words = 0;

  constructor(
    private readonly bus: Bus,
    private readonly nodes: ClusterNodes,
    private readonly links: RoomLinks,
  ) {}

  onModuleInit(): void {
    if (!this.bus.isClustered) return;
    this.links.handle('open', (room, message) => this.heardOpen(room, message));
    this.links.handle('enter', (room, message) => this.heard(room, message, true));
    this.links.handle('leave', (room, message) => this.heard(room, message, false));
    this.links.handle('rewritten', (room, message) => this.heardPosition(room, message));
    this.nodes.handle('rooms', (message) => this.heardPositions(message));
    this.nodes.onBeat(() => this.beat());
    this.nodes.onRewrite(() => this.rewrite());
    this.nodes.onArrival(() => void this.resync([...this.ledgers.keys()]));
    this.nodes.onGone((nodeId) => this.forgetWhoMoved(nodeId));
    this.nodes.onDeath((nodeId) => this.forget(nodeId));
    this.bus.onRestored(() => void this.resync([...this.ledgers.keys()]));
  }

  /** Begins to share the room with the nodes that have it open. */
  async open(room: LiveRoom): Promise<void> {
    if (!this.bus.isClustered) return;
    const ledger: Ledger = { said: 0, heard: new Map(), resync: undefined, leaving: new Map() };
    this.ledgers.set(room, ledger);
    await this.links.open(room);
    if (this.ledgers.get(room) === ledger) this.links.tell(room, 'open', this.note(room, ledger));
    await this.resync([room]);
  }

  close(room: LiveRoom): void {
    const ledger = this.ledgers.get(room);
    if (!ledger) return;
    clearTimeout(ledger.resync);
    this.ledgers.delete(room);
    this.links.close(room);
  }

  arrivedHere(room: LiveRoom, user: SessionUser): void {
    const ledger = this.ledgers.get(room);
    if (!ledger) return;
    const { id: userId, username } = user;
    const { seq, previous } = this.note(room, ledger, { [this.fieldOf(userId)]: username });
    this.links.tell(room, 'enter', { seq, previous, userId, username } satisfies Movement);
    for (const nodeId of this.forgetWhereLeft(room, userId)) this.eraseOf(room, nodeId, [userId]);
    this.settle(room, ledger, ledger.leaving.get(userId));
  }

  leftHere(room: LiveRoom, user: SessionUser, departure: Departure): void {
    const ledger = this.ledgers.get(room);
    if (!ledger) return;
    const { id: userId, username } = user;
    const { seq, previous } = this.note(room, ledger, {}, [this.fieldOf(userId)]);
    const leaving: Leaving = { user, isGone: false };
    ledger.leaving.set(userId, leaving);
    const isDrop = departure === 'dropped';
    const heard = this.links.tellInTurn(room, 'leave', { seq, previous, userId, username, isDrop } satisfies Movement);
    void heard.then(() => this.settle(room, ledger, leaving));
  }

  /** The user is in the room no more, by way of any node, as far as is known: its members are told when that is certain. */
  gone(room: LiveRoom, user: SessionUser): void {
    const leaving = this.ledgers.get(room)?.leaving.get(user.id);
    if (leaving) leaving.isGone = true;
    else room.announceLeft(user);
  }

  private settle(room: LiveRoom, ledger: Ledger, leaving: Leaving | undefined): void {
    if (!leaving || ledger.leaving.get(leaving.user.id) !== leaving) return;
    ledger.leaving.delete(leaving.user.id);
    if (leaving.isGone) room.announceLeft(leaving.user);
  }

  /** Numbers this node's next word about the room, and keeps what it says in the shared memory. */
  private note(room: LiveRoom, ledger: Ledger, set: Fields = {}, remove: readonly string[] = []): Word {
    const previous = ledger.said;
    this.words += 1;
    ledger.said = this.words;
    this.recent.note(room.id, ledger.said);
    this.bus.update(keyOf(room.id), { ...this.marker(ledger.said, room.occupancy.countHere), ...set }, remove);
    return { seq: ledger.said, previous };
  }

  private heardOpen(room: LiveRoom, { from, data }: BusMessage): boolean {
    const word = asShape(Word, data) as Word | undefined;
    const ledger = this.ledgers.get(room);
    if (word && ledger) this.follow(room, ledger, from, word);
    return word !== undefined;
  }

  private heard(room: LiveRoom, { from, data }: BusMessage, isIn: boolean): boolean {
    const movement = asShape(Movement, data) as Movement | undefined;
    const ledger = this.ledgers.get(room);
    if (!movement || !ledger || !this.follow(room, ledger, from, movement)) return movement !== undefined;
    const { userId, username, isDrop } = movement;
    if (isIn) this.enter(room, from, userId, username);
    else room.occupancy.leaveElsewhere(from, userId, isDrop ? 'dropped' : 'left');
    return true;
  }

  /** @returns whether the node's word is news */
  private follow(room: LiveRoom, ledger: Ledger, from: string, { seq, previous }: Word): boolean {
    const last = ledger.heard.get(from) ?? 0;
    if (seq <= last) return false;
    ledger.heard.set(from, seq);
    room.elsewhere.add(from);
    if (previous !== last) this.resyncSoon(room, ledger);
    return true;
  }

  private enter(room: LiveRoom, nodeId: string, userId: number, username: string): void {
    const user = { id: userId, username, name: username };
    const isNew = room.occupancy.enterElsewhere(nodeId, user);
    // Who was in by way of that node before leaving this one was never away.
    const wasLeaving = this.ledgers.get(room)?.leaving.delete(userId);
    if (isNew && !wasLeaving) room.announceJoined(user);
    this.forgetWhereLeft(room, userId, nodeId);
  }

  /** A user who is back is no longer where a node has said good-bye. @returns those nodes */
  private forgetWhereLeft(room: LiveRoom, userId: number, except?: string): string[] {
    const left = room.occupancy.nodesOf(userId).filter((nodeId) => nodeId !== except && this.nodes.hasLeft(nodeId));
    for (const nodeId of left) room.occupancy.leaveElsewhere(nodeId, userId);
    return left;
  }

  /** A node has said good-bye: who is back already is no longer there. */
  private forgetWhoMoved(nodeId: string): void {
    for (const room of this.ledgers.keys()) {
      const { occupancy } = room;
      const moved = occupancy.usersOn(nodeId).filter((userId) => occupancy.isBeside(nodeId, userId));
      for (const userId of moved) occupancy.leaveElsewhere(nodeId, userId);
      const here = new Set(occupancy.usersHere.map(({ id }) => id));
      this.eraseOf(
        room,
        nodeId,
        moved.filter((userId) => here.has(userId)),
      );
    }
  }

  /** What a node that has left can't take out of the shared memory itself. */
  private eraseOf({ id }: LiveRoom, nodeId: string, userIds: readonly number[]): void {
    this.bus.update(
      keyOf(id),
      {},
      userIds.map((userId) => `${nodeId}/${userId}`),
    );
  }

  private heardPosition(room: LiveRoom, { from, data }: BusMessage): boolean {
    const position = asShape(Position, data) as Position | undefined;
    const ledger = this.ledgers.get(room);
    if (!position || !ledger) return position !== undefined;
    room.elsewhere.add(from);
    if (ledger.heard.get(from) !== position.seq) this.resyncSoon(room, ledger);
    return true;
  }

  private heardPositions({ from, data }: BusMessage): boolean {
    if (!Array.isArray(data)) return false;
    const positions = new Map(data as [number, number][]);
    for (const [room, ledger] of this.ledgers) {
      const seq = positions.get(room.id);
      if (seq !== undefined && ledger.heard.get(from) !== seq) this.resyncSoon(room, ledger);
    }
    return true;
  }

  private resyncSoon(room: LiveRoom, ledger: Ledger): void {
    ledger.resync ??= setTimeout(() => {
      ledger.resync = undefined;
      void this.resync([room]);
    }, RESYNC_DELAY_MS).unref();
  }

  /** Reads who is in these rooms by way of other nodes. */
  private async resync(rooms: readonly LiveRoom[]): Promise<void> {
    for (let i = 0; i < rooms.length; i += ROOMS_A_READ) {
      const chunk = rooms.slice(i, i + ROOMS_A_READ);
      const rosters = await this.bus.read(chunk.map(({ id }) => keyOf(id)));
      rosters?.forEach((fields, j) => this.apply(chunk[j] as LiveRoom, fields));
    }
  }

  /**
   * Where a node has left no number, or not all of its users, the memory was lost, and the node will write anew: what is
   * known still holds.
   */
  private apply(room: LiveRoom, fields: Fields): void {
    const ledger = this.ledgers.get(room);
    if (!ledger) return;
    for (const [nodeId, users] of rostersIn(fields)) {
      const [seq = NaN, count] = fields[nodeId]?.split(' ').map(Number) ?? [];
      if (nodeId === this.bus.nodeId || !this.nodes.isPresent(nodeId) || !(seq >= (ledger.heard.get(nodeId) ?? 0))) {
        continue;
      }
      const hasLeft = this.nodes.hasLeft(nodeId);
      if (!hasLeft) room.elsewhere.add(nodeId);
      if (users.size === count) {
        ledger.heard.set(nodeId, seq);
        for (const userId of room.occupancy.usersOn(nodeId)) {
          if (!users.has(userId)) room.occupancy.leaveElsewhere(nodeId, userId);
        }
      }
      for (const [userId, username] of users) {
        // Who was on a node that has left may be back by way of another.
        if (!hasLeft || !room.occupancy.isBeside(nodeId, userId)) this.enter(room, nodeId, userId, username);
      }
    }
  }

  private forget(nodeId: string): void {
    for (const [room, ledger] of this.ledgers) {
      const users = room.occupancy.usersOn(nodeId);
      if (!ledger.heard.delete(nodeId) && users.length === 0) continue;
      this.bus.update(keyOf(room.id), {}, [nodeId, ...users.map((userId) => `${nodeId}/${userId}`)]);
      for (const userId of users) room.occupancy.leaveElsewhere(nodeId, userId);
    }
  }

  /** Names the rooms that changed of late. */
  private beat(): void {
    const positions = [...this.recent.all];
    this.recent.beatPassed();
    if (positions.length > 0) this.nodes.tell('rooms', positions);
  }

  /** Writes anew what the shared memory should have of this node; of rooms that it has just closed, that nobody is there. */
  private async rewrite(): Promise<void> {
    const rooms = new Map([...this.ledgers.keys()].map((room) => [room.id, room]));
    const ids = [...new Set([...rooms.keys(), ...this.recent.all.keys()])];
    for (let i = 0; i < ids.length; i += ROOMS_A_READ) {
      const chunk = ids.slice(i, i + ROOMS_A_READ);
      const written = await this.bus.read(chunk.map(keyOf));
      if (!written) return;
      chunk.forEach((id, j) => this.rewriteRoom(id, rooms.get(id), written[j] as Fields));
    }
  }

  private rewriteRoom(id: number, room: LiveRoom | undefined, written: Fields): void {
    this.words += 1;
    const users = room?.occupancy.usersHere ?? [];
    const fields = Object.fromEntries(users.map((user) => [this.fieldOf(user.id), user.username]));
    const own = Object.keys(written).filter((field) => field.startsWith(`${this.bus.nodeId}/`));
    const stale = own.filter((field) => fields[field] === undefined);
    this.bus.update(keyOf(id), { ...this.marker(this.words, users.length), ...fields }, stale);
    this.recent.note(id, this.words);
    const ledger = room && this.ledgers.get(room);
    if (!ledger) return;
    ledger.said = this.words;
    this.links.tell(room, 'rewritten', { seq: this.words } satisfies Position);
  }

  private marker(seq: number, users: number): Fields {
    return { [this.bus.nodeId]: `${seq} ${users}` };
  }

  private fieldOf(userId: number): string {
    return `${this.bus.nodeId}/${userId}`;
  }
}

function keyOf(roomId: number): string {
  return `room:${roomId}`;
}

/** By node, its users' names by their ids; empty for a node that has only left its number. */
function rostersIn(fields: Fields): Map<string, Map<number, string>> {
  const rosters = new Map<string, Map<number, string>>();
  for (const [field, value] of Object.entries(fields)) {
    const [nodeId, userId] = field.split('/') as [string, string?];
    const roster = rosters.get(nodeId) ?? new Map<number, string>();
    rosters.set(nodeId, roster);
    if (userId !== undefined) roster.set(Number(userId), value);
  }
  return rosters;
}
