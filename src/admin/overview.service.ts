import { Injectable } from '@nestjs/common';
import { ChatMetrics } from '../chat/chat-metrics.js';
import { Bus } from '../cluster/bus.js';
import { StatsService } from '../stats/stats.service.js';
import { percentile } from './ack-percentile.js';
import { busiestRooms } from './busiest-rooms.js';
import { ClusterHistory } from './cluster-history.js';
import type { NodeSample } from './node-sample.js';
import type { NodeView, Overview, SampleView } from './overview.js';
import { RoomActivity } from './room-activity.js';

/** Answers from memory, whatever else is away. */
@Injectable()
export class OverviewService {
  constructor(
    private readonly bus: Bus,
    private readonly history: ClusterHistory,
    private readonly stats: StatsService,
    private readonly activity: RoomActivity,
    private readonly chat: ChatMetrics,
  ) {}

  /** @param since leaves samples out that are not later: milliseconds since the epoch */
  overview(since: number): Overview {
    const { totalRooms, rooms } = this.stats.snapshot();
    const { isClustered, isUp, nodeId } = this.bus;
    return {
      now: Date.now(),
      nodeId,
      isClustered,
      isWhole: !isClustered || isUp,
      ackBoundsMs: this.chat.ackBoundsMs,
      nodes: this.history.all.map(({ history, ...node }): NodeView => {
        return { ...node, samples: history.since(since).map((sample) => this.withPercentiles(sample)) };
      }),
      totalRooms,
      rooms: busiestRooms(rooms.map((room) => ({ ...room, messagesPerSecond: this.activity.rateOf(room.slug) }))),
    };
  }

  private withPercentiles(sample: NodeSample): SampleView {
    const { ackBoundsMs } = this.chat;
    return Object.assign({}, sample, {
      ackP50Ms: percentile(sample.ackCounts, ackBoundsMs, 0.5),
      ackP99Ms: percentile(sample.ackCounts, ackBoundsMs, 0.99),
    });
  }
}
