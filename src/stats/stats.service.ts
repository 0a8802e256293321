import { Injectable } from '@nestjs/common';
import type { Stats } from '../protocol/index.js';
import { LiveRooms } from '../rooms/live-rooms.js';
import { ConnectionRegistry } from '../socket/connection-registry.js';

@Injectable()
export class StatsService {
  constructor(
    private readonly registry: ConnectionRegistry,
    private readonly liveRooms: LiveRooms,
  ) {}

  /** STAT-1. */
  snapshot(): Stats {
    const rooms = [...this.liveRooms.all].map(({ slug, occupancy }) => ({ slug, userCount: occupancy.userCount }));
    return { totalConnections: this.registry.authenticatedCount, totalRooms: rooms.length, rooms };
  }
}
