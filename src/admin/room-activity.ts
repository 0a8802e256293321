import { Injectable } from '@nestjs/common';
import type { LiveRoom } from '../rooms/live-room.js';
import { LiveRooms } from '../rooms/live-rooms.js';
import { rounded } from './reading.js';

/** How many messages a second the members of this node see in each room. */
@Injectable()
export class RoomActivity {
  private readonly counted = new WeakMap<LiveRoom, number>();
  private rates = new Map<LiveRoom, number>();
  private readAt = performance.now();

  constructor(private readonly liveRooms: LiveRooms) {}

  /** Measures from now on; what was measured since the last call is what `rateOf` says. */
  read(): void {
    const now = performance.now();
    const seconds = (now - this.readAt) / 1_000;
    this.readAt = now;
    this.rates = new Map();
    for (const room of this.liveRooms.all) {
      const risen = room.messages - (this.counted.get(room) ?? 0);
      if (risen === 0) continue;
      this.counted.set(room, room.messages);
      this.rates.set(room, rounded(risen / seconds));
    }
  }

  /** @returns null when nobody of this node is in the room */
  rateOf(slug: string): number | null {
    const room = this.liveRooms.get(slug);
    return room ? (this.rates.get(room) ?? 0) : null;
  }
}
