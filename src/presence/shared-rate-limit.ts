import { Injectable, type OnModuleInit } from '@nestjs/common';
import { IsInt } from 'class-validator';
import { withDeadline } from '../batching/with-deadline.js';
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

/** How long what a user spends is gathered, before other nodes that have the user are told. */
const GATHER_MS = 5;
/** How long a node that has the user, too, may take to answer. */
const PATIENCE_MS = 100;

/**
 * LIMIT-1 over all nodes. Each node has a bucket for each of its users; nodes that share a user tell each other what was
 * taken from theirs, and a node to which a user comes asks the others what is missing.
 */
@Injectable()
export class SharedRateLimit implements OnModuleInit {
  /** By user: the other nodes that have a bucket. */
  private readonly sharers = new Map<number, Set<string>>();
  private spenders = new Set<number>();
  private readonly awaited = new Map<number, { nodeIds: Set<string>; resolve: () => void }>();
  private readonly isShared: boolean;

  constructor(
    bus: Bus,
    private readonly nodes: ClusterNodes,
    private readonly registry: ConnectionRegistry,
    private readonly limiter: RateLimiter,
    private readonly links: UserLinks,
  ) {
    this.isShared = bus.isClustered && limiter.isOn;
  }

  onModuleInit(): void {
    if (!this.isShared) return;
    this.links.keepWhile((userId) => this.limiter.missing(userId, performance.now()) > 0);
    this.limiter.onForgotten((userId) => {
      this.sharers.delete(userId);
      this.links.forgotten(userId);
    });
    this.nodes.handle('arrived', (message) => this.answer(message));
    this.nodes.handle('spent', (message) => this.deduct(message));
    this.nodes.onDeath((nodeId) => {
      for (const sharers of this.sharers.values()) sharers.delete(nodeId);
    });
  }

  /** A user comes to this node: resolves once what is missing from buckets elsewhere is known, or soon. */
  async arriving(userId: number): Promise<void> {
    if (!this.isShared || this.registry.ofUser(userId).size > 0) return;
    const known = this.sharers.get(userId);
    // Those that share already have told all along.
    const nodeIds = [...(await this.links.findOne(userId)).keys()].filter((nodeId) => !known?.has(nodeId));
    if (nodeIds.length === 0) return;
    for (const nodeId of nodeIds) this.shareWith(userId, nodeId);
    const answered = new Promise<void>((resolve) => this.awaited.set(userId, { nodeIds: new Set(nodeIds), resolve }));
    for (const nodeId of nodeIds) this.nodes.tellOne(nodeId, 'arrived', { userId } satisfies Arrival);
    await withDeadline(answered, PATIENCE_MS).catch(() => undefined);
    this.awaited.delete(userId);
  }

  private answer({ from, data }: BusMessage): boolean {
    const arrival = asShape(Arrival, data) as Arrival | undefined;
    if (!arrival) return false;
    const { userId } = arrival;
    this.shareWith(userId, from);
    this.nodes.tellOne(from, 'spent', [[userId, this.limiter.missing(userId, performance.now())]]);
    return true;
  }

  private deduct({ from, data }: BusMessage): boolean {
    if (!Array.isArray(data)) return false;
    for (const [userId, tokens] of data as [number, number][]) {
      if (!Number.isInteger(userId) || !Number.isFinite(tokens)) return false;
      if (tokens > 0) this.limiter.deduct(userId, tokens, performance.now());
      const awaited = this.awaited.get(userId);
      if (awaited?.nodeIds.delete(from) && awaited.nodeIds.size === 0) awaited.resolve();
    }
    return true;
  }

  private spends(userId: number): void {
    if (this.spenders.size === 0) setTimeout(() => this.share(), GATHER_MS).unref();
    this.spenders.add(userId);
  }

  private share(): void {
    const { spenders } = this;
    this.spenders = new Set();
    const byNode = new Map<string, [userId: number, tokens: number][]>();
    for (const userId of spenders) {
      const spent = this.limiter.takeSpent(userId);
      for (const nodeId of this.sharers.get(userId) ?? []) {
        byNode.set(nodeId, [...(byNode.get(nodeId) ?? []), [userId, spent]]);
      }
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
    this.limiter.watch(userId, performance.now(), () => this.spends(userId));
  }
}
