import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Bus, type BusMessage } from '../cluster/bus.js';
import { ClusterNodes } from '../cluster/cluster-nodes.js';
import { flushAfterThisTurn, type Flushable } from '../socket/flush-queue.js';
import type { LiveRoom } from './live-room.js';
import { Parcel, unpacked } from './parcel.js';

const PARCEL = 'parcel';
const NOT_OPEN = 'not-open';
/** As many bytes leave together at most: a node that hears more is not to stand still for it. */
const MAX_PARCEL_BYTES = 262_144;

export type RoomHandler = (room: LiveRoom, message: BusMessage) => boolean;

/** What the nodes that have somebody in a room tell each other about it. */
@Injectable()
export class RoomLinks implements OnModuleInit, Flushable {
  private readonly handlers = new Map<string, RoomHandler>();
  private readonly opened = new Map<number, LiveRoom>();
  /** By node: what this turn has for it. */
  private readonly parcels = new Map<string, Parcel>();

  constructor(
    private readonly bus: Bus,
    private readonly nodes: ClusterNodes,
  ) {}

  onModuleInit(): void {
    this.nodes.handle(PARCEL, (message) => this.unpack(message));
    this.nodes.handle(NOT_OPEN, (message) => this.heardNotOpen(message));
    this.nodes.onGone((nodeId) => {
      for (const { elsewhere } of this.opened.values()) elsewhere.delete(nodeId);
    });
  }

  /** @param handler returns false when a message makes no sense */
  handle(kind: string, handler: RoomHandler): void {
    this.handlers.set(kind, handler);
  }

  /** Begins to hear of the room. */
  open(room: LiveRoom): Promise<void> {
    this.opened.set(room.id, room);
    return this.bus.subscribe(channelOf(room), (message) => this.deliver(room, message));
  }

  close(room: LiveRoom): void {
    if (this.opened.get(room.id) === room) this.opened.delete(room.id);
    this.bus.unsubscribe(channelOf(room));
  }

  /** Tells every node that has the room open. */
  tell(room: LiveRoom, kind: string, data: unknown): void {
    this.bus.publish(channelOf(room), { kind, data });
  }

  /** The same. @returns a promise of having heard all that nodes told of the room before; resolves within a short time */
  tellInTurn(room: LiveRoom, kind: string, data: unknown): Promise<void> {
    return this.bus.publishInTurn(channelOf(room), { kind, data });
  }

  /**
   * Tells the nodes that are known to have the room open. All that one turn of the event loop has for a node leaves as one
   * message, of whatever rooms it is.
   */
  post(room: LiveRoom, kind: string, data: unknown, body: readonly Buffer[]): void {
    if (room.elsewhere.size === 0) return;
    if (this.parcels.size === 0) flushAfterThisTurn(this);
    for (const nodeId of room.elsewhere) {
      const parcel = this.parcels.get(nodeId) ?? new Parcel();
      this.parcels.set(nodeId, parcel);
      parcel.add(room.id, kind, data, body);
      if (parcel.bytes > MAX_PARCEL_BYTES) this.send(nodeId, parcel);
    }
  }

  flush(): void {
    for (const [nodeId, parcel] of this.parcels) this.send(nodeId, parcel);
  }

  private send(nodeId: string, { letters, body }: Parcel): void {
    this.parcels.delete(nodeId);
    this.nodes.tellOne(nodeId, PARCEL, letters, body);
  }

  private unpack({ from, data, body }: BusMessage): boolean {
    const letters = unpacked(data, body);
    if (!letters) return false;
    const closed: number[] = [];
    let areUnderstood = true;
    for (const { roomId, ...letter } of letters) {
      const room = this.opened.get(roomId);
      if (!room) closed.push(roomId);
      else if (!this.deliver(room, { from, ...letter })) areUnderstood = false;
    }
    if (closed.length > 0) this.nodes.tellOne(from, NOT_OPEN, closed);
    return areUnderstood;
  }

  private heardNotOpen({ from, data }: BusMessage): boolean {
    if (!Array.isArray(data)) return false;
    for (const roomId of data) this.opened.get(roomId as number)?.elsewhere.delete(from);
    return true;
  }

  private deliver(room: LiveRoom, message: BusMessage): boolean {
    return this.handlers.get(message.kind)?.(room, message) ?? false;
  }
}

function channelOf({ id }: LiveRoom): string {
  return `room:${id}`;
}
