import { Injectable } from '@nestjs/common';
import { Bus, type BusMessage } from '../cluster/bus.js';
import type { LiveRoom } from './live-room.js';

export type RoomHandler = (room: LiveRoom, message: BusMessage) => boolean;

/** What the nodes that have somebody in a room tell each other about it. */
@Injectable()
export class RoomLinks {
  private readonly handlers = new Map<string, RoomHandler>();

  constructor(private readonly bus: Bus) {}

  /** @param handler returns false when a message makes no sense */
  handle(kind: string, handler: RoomHandler): void {
    this.handlers.set(kind, handler);
  }

  /** Begins to hear of the room. */
  open(room: LiveRoom): Promise<void> {
    return this.bus.subscribe(channelOf(room), (message) => this.handlers.get(message.kind)?.(room, message) ?? false);
  }

  close(room: LiveRoom): void {
    this.bus.unsubscribe(channelOf(room));
  }

  tell(room: LiveRoom, kind: string, data: unknown, body?: readonly Buffer[]): void {
    this.bus.publish(channelOf(room), { kind, data, body });
  }
}

function channelOf({ id }: LiveRoom): string {
  return `room:${id}`;
}
