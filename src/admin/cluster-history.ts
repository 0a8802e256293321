import { getHeapStatistics } from 'node:v8';
import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { Bus, type BusMessage } from '../cluster/bus.js';
import { ClusterNodes } from '../cluster/cluster-nodes.js';
import { VERSION } from '../version.js';
import { asReport, type NodeReport } from './node-report.js';
import { NodeSampler } from './node-sampler.js';
import type { NodeState } from './overview.js';
import { RoomActivity } from './room-activity.js';
import { SampleHistory } from './sample-history.js';
import { slotAt, untilNextSlot, WINDOW_MS } from './time-slots.js';

const REPORT = 'report';
/** Samples with which all is told again when Redis is back: another node may hear again later than this one. */
const REPEATS = 2;

export interface KnownNode {
  readonly id: string;
  readonly version: string;
  readonly startedAt: number;
  readonly heapLimitBytes: number;
  heardAt: number;
  state: NodeState;
  readonly history: SampleHistory;
}

/** What every node saw in the last 15 minutes: each tells the others, so that any of them can answer for all. */
@Injectable()
export class ClusterHistory implements OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(ClusterHistory.name);
  private readonly own: KnownNode;
  private readonly others = new Map<string, KnownNode>();
  private timer: NodeJS.Timeout | undefined;
  private repeats = 0;
  private isStopped = false;

  constructor(
    private readonly bus: Bus,
    private readonly nodes: ClusterNodes,
    private readonly sampler: NodeSampler,
    private readonly activity: RoomActivity,
  ) {
    this.own = {
      id: bus.nodeId,
      version: VERSION,
      startedAt: Math.round(performance.timeOrigin),
      heapLimitBytes: getHeapStatistics().heap_size_limit,
      heardAt: Date.now(),
      state: 'alive',
      history: new SampleHistory(),
    };
  }

  onModuleInit(): void {
    if (!this.bus.isClustered) return;
    this.nodes.handle(REPORT, (message) => this.note(message));
    this.nodes.onArrival((nodeId) => this.nodes.tellOne(nodeId, REPORT, this.report(-Infinity)));
    this.bus.onRestored(() => (this.repeats = REPEATS));
    this.nodes.onGone((nodeId) => this.gone(nodeId));
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.sample();
  }

  /** Not earlier: a node that drains is of interest. */
  onApplicationShutdown(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  /** Every node that was there in the last 15 minutes; this one first, others in the order of their start. */
  get all(): KnownNode[] {
    const others = [...this.others.values()].sort((a, b) => a.startedAt - b.startedAt);
    // Without Redis nobody can tell whether they are alive.
    const seen = this.bus.isUp ? others : others.map((node) => (node.state === 'alive' ? unheard(node) : node));
    return [this.own, ...seen];
  }

  private async sample(): Promise<void> {
    const at = slotAt(Date.now());
    try {
      this.activity.read();
      this.own.history.add([await this.sampler.take(at)]);
      this.own.heardAt = Date.now();
      this.nodes.tell(REPORT, this.report(this.repeats > 0 ? -Infinity : at - 1));
      this.repeats = Math.max(0, this.repeats - 1);
    } catch (error) {
      this.logger.warn(`Could not take a sample: ${String(error)}`);
    }
    this.forget();
    if (!this.isStopped) this.timer = setTimeout(() => void this.sample(), untilNextSlot(Date.now())).unref();
  }

  private report(since: number): NodeReport {
    const { version, startedAt, heapLimitBytes, history } = this.own;
    return { version, startedAt, heapLimitBytes, samples: history.since(since) };
  }

  private note({ from, data }: BusMessage): boolean {
    const report = asReport(data);
    if (!report) return false;
    const { samples, ...about } = report;
    const node = this.others.get(from) ?? {
      id: from,
      ...about,
      heardAt: 0,
      state: 'alive',
      history: new SampleHistory(),
    };
    this.others.set(from, node);
    node.heardAt = Date.now();
    node.state = 'alive';
    node.history.add(samples);
    return true;
  }

  private gone(nodeId: string): void {
    const node = this.others.get(nodeId);
    if (node?.state === 'alive') node.state = this.nodes.hasLeft(nodeId) ? 'left' : 'lost';
  }

  private forget(): void {
    const horizon = Date.now() - WINDOW_MS;
    for (const node of this.others.values()) {
      if (node.state !== 'alive' && node.heardAt < horizon) this.others.delete(node.id);
    }
  }
}

function unheard(node: KnownNode): KnownNode {
  return { ...node, state: 'unheard' };
}
