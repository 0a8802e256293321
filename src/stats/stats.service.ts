import { Injectable } from '@nestjs/common';
import type { Stats } from '../protocol/index.js';
import { LiveRooms } from '../rooms/live-rooms.js';
import { ConnectionRegistry } from '../socket/connection-registry.js';
import { ClusterStats } from './cluster-stats.js';

@Injectable()
export class StatsService {
  constructor(
    private readonly registry: ConnectionRegistry,
    private readonly liveRooms: LiveRooms,
    private readonly cluster: ClusterStats,
  ) {}

  /** As `snapshot` says, without the list. */
  get totalRooms(): number {
    if (!this.cluster.hasOthers) return this.liveRooms.count;
    const slugs = new Set(this.cluster.rooms.keys());
    for (const { slug } of this.liveRooms.all) slugs.add(slug);
    return slugs.size;
  }

  /** STAT-1, over all nodes. */
  snapshot(): Stats {
    const counts = this.cluster.rooms;
    for (const { slug, occupancy } of this.liveRooms.all) counts.set(slug, occupancy.userCount);
    const rooms = [...counts]
      .filter(([, userCount]) => userCount > 0)
      .map(([slug, userCount]) => ({ slug, userCount }));
    const totalConnections = this.registry.authenticatedCount + this.cluster.connections;
    return { totalConnections, totalRooms: rooms.length, rooms };
  }
}
