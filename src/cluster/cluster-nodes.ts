import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { MILONGA_OPTIONS, type MilongaOptions } from '../config/options.js';
import { Bus, type BusListener, type BusMessage, type Fields } from './bus.js';

const NODES = 'nodes';
/** The shared memory's sign that it still has what this node wrote. */
const WRITTEN = 'written';
const BEAT_INTERVAL_MS = 2_000;
/** P8: a killed node's members are gone within 15 s of its last beat. They are shown no shorter than a beat can be late. */
const MIN_LEASE_MS = 8_000;
const MAX_LEASE_MS = 12_500;
/** A node that has not beaten for so long may have been taken for dead, and what it wrote been removed. */
const FORGOTTEN_MS = MIN_LEASE_MS - BEAT_INTERVAL_MS;
const CHECK_INTERVAL_MS = 500;
/** How long a node that starts waits for the others to introduce themselves. */
const ACQUAINTANCE_MS = 500;

interface Lease {
  /** On `clock`. */
  endsAt: number;
  /** It said good-bye. */
  hasLeft: boolean;
}

/** Which other nodes there are: each beats every 2 s, and is gone when it has not for its lease. */
@Injectable()
export class ClusterNodes implements OnApplicationBootstrap {
  private readonly logger = new Logger(ClusterNodes.name);
  private readonly leaseMs: number;
  private readonly leases = new Map<string, Lease>();
  private readonly beatListeners: (() => void)[] = [];
  private readonly arrivalListeners: ((nodeId: string) => void)[] = [];
  private readonly goneListeners: ((nodeId: string) => void)[] = [];
  private readonly deathListeners: ((nodeId: string) => void)[] = [];
  private readonly rewriteListeners: (() => Promise<void>)[] = [];
  private readonly handlers = new Map<string, (message: BusMessage) => boolean>();
  private timers: NodeJS.Timeout[] = [];
  /** When this node last beat of its own accord, on `performance.now()`. */
  private beatAt = 0;
  /** Advances only while this process runs and hears others: their silence meanwhile is not theirs. */
  private clock = 0;

  constructor(
    @Inject(MILONGA_OPTIONS) private readonly options: MilongaOptions,
    private readonly bus: Bus,
  ) {
    this.leaseMs = Math.min(Math.max(options.presenceGraceMs, MIN_LEASE_MS), MAX_LEASE_MS);
    this.handle('beat', ({ from }) => this.sawBeat(from));
    this.handle('bye', ({ from }) => this.sawBye(from));
  }

  async onApplicationBootstrap(): Promise<void> {
    if (!this.bus.isClustered) return;
    const hear: BusListener = (message) => this.handlers.get(message.kind)?.(message) ?? false;
    await Promise.all([this.bus.subscribe(NODES, hear), this.bus.subscribe(channelOf(this.bus.nodeId), hear)]);
    this.bus.onRestored(() => {
      this.sayBeat();
      void this.rewrite();
    });
    await this.rewrite();
    this.sayBeat();
    await this.acquainted();
    this.timers = [
      setInterval(() => this.beat(), BEAT_INTERVAL_MS).unref(),
      setInterval(() => this.check(), CHECK_INTERVAL_MS).unref(),
    ];
  }

  /** The other nodes that are alive. */
  get others(): string[] {
    return [...this.leases].filter(([, { hasLeft }]) => !hasLeft).map(([nodeId]) => nodeId);
  }

  /** How many other nodes are alive. */
  get count(): number {
    return this.others.length;
  }

  /** Whether what is known of the node counts: it is alive, or went so short a while ago that its users may come back. */
  isPresent(nodeId: string): boolean {
    return this.leases.has(nodeId);
  }

  /** The node will not take its users back: it has said good-bye. */
  hasLeft(nodeId: string): boolean {
    return this.leases.get(nodeId)?.hasLeft === true;
  }

  /** Tells all other nodes. */
  tell(kind: string, data: unknown): void {
    this.bus.publish(NODES, { kind, data });
  }

  /** Tells one other node. */
  tellOne(nodeId: string, kind: string, data: unknown, body?: readonly Buffer[]): void {
    this.bus.publish(channelOf(nodeId), { kind, data, body });
  }

  /** Hears what other nodes tell all, or this one. @param handler returns false when a message makes no sense */
  handle(kind: string, handler: (message: BusMessage) => boolean): void {
    this.handlers.set(kind, handler);
  }

  /** This node beats: the moment to say again what others may have missed. */
  onBeat(listener: () => void): void {
    this.beatListeners.push(listener);
  }

  /**
   * What this node keeps in the shared memory is lost, or may be: it is to be written anew.
   *
   * @param listener resolves when it is, as far as it can be
   */
  onRewrite(listener: () => Promise<void>): void {
    this.rewriteListeners.push(listener);
  }

  onArrival(listener: (nodeId: string) => void): void {
    this.arrivalListeners.push(listener);
  }

  /** A node serves nobody any more: it has said good-bye, or was not heard for its lease. */
  onGone(listener: (nodeId: string) => void): void {
    this.goneListeners.push(listener);
  }

  /** A node is gone so long that its users will not come back: what was known of it is no longer true. */
  onDeath(listener: (nodeId: string) => void): void {
    this.deathListeners.push(listener);
  }

  /** The last thing that this node says. */
  sayGoodbye(): void {
    for (const timer of this.timers) clearInterval(timer);
    this.tell('bye', {});
  }

  /** Resolves once all nodes that listen have answered the first beat, or soon: then this node's first clients see theirs. */
  private async acquainted(): Promise<void> {
    const others = (await this.bus.audience(NODES)) - 1;
    const deadline = performance.now() + ACQUAINTANCE_MS;
    while (this.leases.size < others && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, ACQUAINTANCE_MS / 50));
    }
  }

  private beat(): void {
    if (!this.bus.isUp) return;
    const mayBeForgotten = performance.now() - this.beatAt > FORGOTTEN_MS;
    this.sayBeat();
    for (const listener of this.beatListeners) listener();
    void (mayBeForgotten ? this.rewrite() : this.look());
  }

  private sayBeat(): void {
    this.beatAt = performance.now();
    this.tell('beat', {});
  }

  /** Whether the shared memory still has what this node wrote. */
  private async look(): Promise<void> {
    const [own] = (await this.bus.read([signOf(this.bus.nodeId)])) ?? [];
    if (own && !hasWritten(own)) await this.rewrite();
  }

  private async rewrite(): Promise<void> {
    await Promise.all(this.rewriteListeners.map((listener) => listener()));
    this.bus.update(signOf(this.bus.nodeId), { [WRITTEN]: new Date().toISOString() });
  }

  private sawBeat(nodeId: string): boolean {
    const lease = this.leases.get(nodeId);
    if (lease) {
      if (!lease.hasLeft) lease.endsAt = this.clock + this.leaseMs;
      return true;
    }
    this.leases.set(nodeId, { endsAt: this.clock + this.leaseMs, hasLeft: false });
    this.logger.log(`Node ${nodeId} is there`);
    // It does not know of this one yet.
    this.tell('beat', {});
    for (const listener of this.arrivalListeners) listener(nodeId);
    return true;
  }

  private sawBye(nodeId: string): boolean {
    const lease = this.leases.get(nodeId);
    if (!lease) return true;
    lease.hasLeft = true;
    lease.endsAt = this.clock + this.options.presenceGraceMs;
    for (const listener of this.goneListeners) listener(nodeId);
    return true;
  }

  private check(): void {
    if (!this.bus.isUp) return;
    this.clock += CHECK_INTERVAL_MS;
    for (const [nodeId, { endsAt }] of this.leases) {
      if (endsAt > this.clock) continue;
      this.leases.delete(nodeId);
      this.logger.log(`Node ${nodeId} is gone`);
      for (const listener of [...this.goneListeners, ...this.deathListeners]) listener(nodeId);
    }
  }
}

/** The key of the node's sign that the shared memory has all that the node wrote. */
export function signOf(nodeId: string): string {
  return `node:${nodeId}`;
}

export function hasWritten(sign: Fields): boolean {
  return sign[WRITTEN] !== undefined;
}

function channelOf(nodeId: string): string {
  return `node:${nodeId}`;
}
