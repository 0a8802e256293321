import { monitorEventLoopDelay, type IntervalHistogram } from 'node:perf_hooks';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { ChatMetrics } from '../chat/chat-metrics.js';
import { Bus } from '../cluster/bus.js';
import { BusMetrics } from '../cluster/bus-metrics.js';
import { DatabaseHealth } from '../database/database-health.js';
import { ConnectionRegistry } from '../socket/connection-registry.js';
import { DrainService } from '../socket/drain.service.js';
import { Traffic } from '../socket/traffic.js';
import { StatsService } from '../stats/stats.service.js';
import type { NodeSample } from './node-sample.js';
import { risenBetween, rounded, type Reading } from './reading.js';

const LAG_RESOLUTION_MS = 10;

/** Reads what this node's features count anyway, and says what happened since it last did. */
@Injectable()
export class NodeSampler implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly loopDelay: IntervalHistogram = monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS });
  private last: Reading | undefined;

  constructor(
    private readonly registry: ConnectionRegistry,
    private readonly stats: StatsService,
    private readonly traffic: Traffic,
    private readonly chat: ChatMetrics,
    private readonly database: DatabaseHealth,
    private readonly bus: Bus,
    private readonly busMetrics: BusMetrics,
    private readonly drain: DrainService,
  ) {}

  /** Not before: what the start itself took is no news. */
  onApplicationBootstrap(): void {
    this.loopDelay.enable();
  }

  onModuleDestroy(): void {
    this.loopDelay.disable();
  }

  /** @param at end of the slot. @returns what happened since the last call; within a second, even when the database hangs */
  async take(at: number): Promise<NodeSample> {
    const reading = await this.read();
    const risen = risenBetween(this.last ?? reading, reading);
    this.last = reading;
    return {
      at,
      ...risen,
      connections: this.registry.all.size,
      authenticated: this.registry.authenticatedCount,
      rooms: this.stats.totalRooms,
      loopLagMs: this.takeLoopLag(),
      heapBytes: process.memoryUsage().heapUsed,
      isDatabaseUp: await this.database.check(),
      isRedisUp: this.bus.isUp,
      isDraining: this.drain.isDraining,
    };
  }

  private async read(): Promise<Reading> {
    const { values } = await this.chat.ackLatency.get();
    return {
      time: performance.now(),
      messages: this.chat.messagesStored,
      deliveries: this.chat.deliveries,
      acksUpTo: values.filter(({ labels }) => labels.le !== undefined).map(({ value }) => value),
      messagesRefused: this.chat.refused,
      slowClientsCut: this.traffic.slowClientsCut,
      rateLimited: this.traffic.rateLimited,
      gapsFilled: this.busMetrics.gapsFilled,
    };
  }

  private takeLoopLag(): number {
    const { count } = this.loopDelay;
    // What it measures is the time between two ticks of its timer.
    const lagMs = count === 0 ? 0 : this.loopDelay.percentile(99) / 1e6 - LAG_RESOLUTION_MS;
    this.loopDelay.reset();
    return rounded(Math.max(lagMs, 0));
  }
}
