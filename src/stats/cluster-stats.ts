import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { IsArray, IsBoolean, IsInt, Min } from 'class-validator';
import { Bus, type BusMessage } from '../cluster/bus.js';
import { ClusterNodes } from '../cluster/cluster-nodes.js';
import { LiveRooms } from '../rooms/live-rooms.js';
import { ConnectionRegistry } from '../socket/connection-registry.js';
import { asShape } from '../validation/shape.js';

/** What a node counts. Its reports are numbered: each says what has changed since the one before, or everything. */
class Report {
  @IsInt()
  seq!: number;

  @IsBoolean()
  isWhole!: boolean;

  @IsInt()
  @Min(0)
  connections!: number;

  /** Pairs of a slug and its users' count on all nodes; 0: the node has nobody there any more. */
  @IsArray()
  rooms!: [slug: string, userCount: number][];
}

interface Reported {
  seq: number;
  connections: number;
  readonly rooms: Map<string, number>;
}

/** P8 allows 5 s. */
const REPORT_INTERVAL_MS = 500;

/** What other nodes count, about a second old at most, so that nobody need be asked when somebody wants to know (STAT-1). */
@Injectable()
export class ClusterStats implements OnModuleInit, OnModuleDestroy {
  private readonly reported = new Map<string, Reported>();
  private readonly told = new Map<string, number>();
  private seq = 0;
  private isWholeDue = true;
  private toldConnections = -1;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly bus: Bus,
    private readonly nodes: ClusterNodes,
    private readonly registry: ConnectionRegistry,
    private readonly liveRooms: LiveRooms,
  ) {}

  onModuleInit(): void {
    if (!this.bus.isClustered) return;
    this.timer = setInterval(() => this.report(), REPORT_INTERVAL_MS).unref();
    this.nodes.onBeat(() => this.nodes.tell('stats-seq', this.seq));
    this.nodes.handle('stats-seq', ({ from, data }) => this.compare(from, data));
    this.nodes.onArrival(() => (this.isWholeDue = true));
    this.bus.onRestored(() => (this.isWholeDue = true));
    this.nodes.onGone((nodeId) => this.reported.delete(nodeId));
    this.nodes.handle('stats', (message) => this.note(message));
    this.nodes.handle('stats?', () => (this.isWholeDue = true));
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  get hasOthers(): boolean {
    return this.reported.size > 0;
  }

  /** Authenticated connections to other nodes. */
  get connections(): number {
    return [...this.reported.values()].reduce((sum, { connections }) => sum + connections, 0);
  }

  /** The users' counts of rooms, by slug, as other nodes see them. */
  get rooms(): Map<string, number> {
    return new Map([...this.reported.values()].flatMap(({ rooms }) => [...rooms]));
  }

  private report(): void {
    if (!this.bus.isUp) return;
    const isWhole = this.isWholeDue;
    this.isWholeDue = false;
    if (isWhole) this.told.clear();
    const rooms = this.changedRooms();
    const connections = this.registry.authenticatedCount;
    if (!isWhole && rooms.length === 0 && connections === this.toldConnections) return;
    for (const [slug, userCount] of rooms) set(this.told, slug, userCount);
    this.toldConnections = connections;
    this.seq += 1;
    this.nodes.tell('stats', { seq: this.seq, isWhole, connections, rooms } satisfies Report);
  }

  private changedRooms(): Report['rooms'] {
    const changed: Report['rooms'] = [];
    for (const { slug, occupancy } of this.liveRooms.all) {
      if (this.told.get(slug) !== occupancy.userCount) changed.push([slug, occupancy.userCount]);
    }
    for (const slug of this.told.keys()) if (!this.liveRooms.get(slug)) changed.push([slug, 0]);
    return changed;
  }

  /** Whether the node's last report was heard. */
  private compare(nodeId: string, seq: unknown): boolean {
    if (seq !== 0 && this.reported.get(nodeId)?.seq !== seq) this.nodes.tellOne(nodeId, 'stats?', {});
    return Number.isInteger(seq);
  }

  private note({ from, data }: BusMessage): boolean {
    const report = asShape(Report, data) as Report | undefined;
    if (!report) return false;
    const known = this.reported.get(from);
    const rooms = report.isWhole ? new Map<string, number>() : known?.rooms;
    if (!rooms || (!report.isWhole && known?.seq !== report.seq - 1)) {
      this.nodes.tellOne(from, 'stats?', {});
      return true;
    }
    for (const [slug, userCount] of report.rooms) set(rooms, slug, userCount);
    this.reported.set(from, { seq: report.seq, connections: report.connections, rooms });
    return true;
  }
}

function set(counts: Map<string, number>, slug: string, userCount: number): void {
  if (userCount > 0) counts.set(slug, userCount);
  else counts.delete(slug);
}
