import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { IsInt } from 'class-validator';
import { Bus, type BusMessage } from '../cluster/bus.js';
import { ClusterNodes } from '../cluster/cluster-nodes.js';
import { ConnectionRegistry } from '../socket/connection-registry.js';
import { RateLimiter } from '../socket/rate-limiter.js';
import { asShape } from '../validation/shape.js';
import { UserLinks } from './user-links.js';

class Arrival {
  @IsInt()
  userId!: number;
}

/** How often nodes tell each other what a user has spent, if the user is on several. */
const SHARE_INTERVAL_MS = 100;

/**
 * LIMIT-1 over all nodes. Each node has a bucket for each of its users; nodes that share a user tell each other what was
 * taken from theirs, and a node to which a user comes asks the others what is missing.
 */
@Injectable()
export class SharedRateLimit implements OnModuleInit, OnModuleDestroy {
  /** By user: the other nodes that have a bucket. */
  private readonly sharers = new Map<number, Set<string>>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly bus: Bus,
    private readonly nodes: ClusterNodes,
    private readonly registry: ConnectionRegistry,
    private readonly limiter: RateLimiter,
    private readonly links: UserLinks,
  ) {}

  onModuleInit(): void {
    if (!this.bus.isClustered || !this.limiter.isOn) return;
    this.links.keepWhile((userId) => this.limiter.missing(userId, performance.now()) > 0);
    this.registry.onChange((userId, connections) => {
      if (connections === 1) void this.arrived(userId);
    });
    this.limiter.onForgotten((userId) => {
      this.sharers.delete(userId);
      this.links.forgotten(userId);
    });
    this.nodes.handle('arrived', (message) => this.answer(message));
    this.nodes.handle('spent', (message) => this.deduct(message));
    this.nodes.onDeath((nodeId) => {
      for (const sharers of this.sharers.values()) sharers.delete(nodeId);
    });
    this.timer = setInterval(() => this.share(), SHARE_INTERVAL_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  private async arrived(userId: number): Promise<void> {
    if (this.sharers.has(userId)) return;
    for (const nodeId of (await this.links.findOne(userId)).keys()) {
      this.shareWith(userId, nodeId);
      this.nodes.tellOne(nodeId, 'arrived', { userId } satisfies Arrival);
    }
  }

  private answer({ from, data }: BusMessage): boolean {
    const arrival = asShape(Arrival, data) as Arrival | undefined;
    if (!arrival) return false;
    const { userId } = arrival;
    this.shareWith(userId, from);
    const missing = this.limiter.missing(userId, performance.now());
    if (missing > 0) this.nodes.tellOne(from, 'spent', [[userId, missing]]);
    return true;
  }

  private deduct({ data }: BusMessage): boolean {
    if (!Array.isArray(data)) return false;
    for (const [userId, tokens] of data as [number, number][]) {
      if (Number.isInteger(userId) && tokens > 0) this.limiter.deduct(userId, tokens, performance.now());
    }
    return true;
  }

  private share(): void {
    const byNode = new Map<string, [userId: number, tokens: number][]>();
    for (const [userId, nodeIds] of this.sharers) {
      const spent = this.limiter.takeSpent(userId);
      if (spent === 0) continue;
      for (const nodeId of nodeIds) byNode.set(nodeId, [...(byNode.get(nodeId) ?? []), [userId, spent]]);
    }
    for (const [nodeId, spendings] of byNode) this.nodes.tellOne(nodeId, 'spent', spendings);
  }

  private shareWith(userId: number, nodeId: string): void {
    const sharers = this.sharers.get(userId);
    if (sharers) {
      sharers.add(nodeId);
      return;
    }
    this.sharers.set(userId, new Set([nodeId]));
    // What was spent before is told as missing, once.
    this.limiter.takeSpent(userId);
  }
}
