import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import { ChatMetrics } from '../chat/chat-metrics.js';
import { Bus } from '../cluster/bus.js';
import { BusMetrics } from '../cluster/bus-metrics.js';
import { ClusterNodes } from '../cluster/cluster-nodes.js';
import { DatabaseHealth } from '../database/database-health.js';
import { LiveRooms } from '../rooms/live-rooms.js';
import { ConnectionRegistry } from '../socket/connection-registry.js';
import { Traffic } from '../socket/traffic.js';
import { ConnectionMetrics } from '../stats/connection-metrics.js';

/** Gathers what the features count into one Prometheus registry. */
@Injectable()
export class MetricsService {
  private readonly registry = new Registry();

  constructor(
    registry: ConnectionRegistry,
    rooms: LiveRooms,
    traffic: Traffic,
    connections: ConnectionMetrics,
    chat: ChatMetrics,
    database: DatabaseHealth,
    bus: Bus,
    busMetrics: BusMetrics,
    nodes: ClusterNodes,
  ) {
    collectDefaultMetrics({ register: this.registry });
    this.registry.registerMetric(chat.batchSize);
    this.registry.registerMetric(chat.ackLatency);
    this.gauge('milonga_connections', 'Open connections', () => registry.all.size);
    this.gauge('milonga_connections_authenticated', 'Authenticated connections', () => registry.authenticatedCount);
    this.gauge('milonga_rooms', 'Rooms with somebody in them', () => rooms.count);
    this.gauge('milonga_database_up', '1 when the database answers', async () => Number(await database.check()));
    this.counter('milonga_connections_opened_total', 'Connections opened', () => connections.opened);
    this.counter('milonga_connections_left_total', 'Connections that ended for good', () => connections.left);
    this.counter('milonga_connections_dropped_total', 'Connections that dropped', () => connections.dropped);
    this.counter('milonga_handshakes_refused_total', 'Upgrades refused', () => traffic.handshakesRefused);
    this.counter('milonga_frames_in_total', 'Frames from clients', () => traffic.framesIn);
    this.counter('milonga_frames_out_total', 'Frames to clients', () => traffic.framesOut);
    this.counter('milonga_bytes_out_total', 'Bytes to clients', () => traffic.bytesOut);
    this.counter('milonga_frames_invalid_total', 'Frames refused as malformed', () => traffic.invalidFrames);
    this.counter('milonga_rate_limited_total', 'Frames refused by the rate limit', () => traffic.rateLimited);
    this.counter('milonga_slow_clients_cut_total', 'Clients cut off for reading slowly', () => traffic.slowClientsCut);
    this.counter('milonga_buffer_sheds_total', 'Writes dropped unsent for a slow client', () => traffic.writesShed);
    this.counter('milonga_heartbeat_timeouts_total', 'Connections found dead', () => traffic.heartbeatTimeouts);
    this.counter('milonga_messages_stored_total', 'Chat messages committed', () => chat.messagesStored);
    this.counter('milonga_messages_refused_total', 'Chat messages refused', () => chat.refused);
    this.counter('milonga_deliveries_total', 'Chat messages put out, once a member', () => chat.deliveries);
    this.counter('milonga_bus_gaps_filled_total', 'Messages read for want of a hint', () => busMetrics.gapsFilled);
    if (!bus.isClustered) return;
    this.gauge('milonga_redis_up', '1 when the other nodes can be heard', () => Number(bus.isUp));
    this.gauge('milonga_nodes', 'Nodes that are alive, this one included', () => nodes.count + 1);
    this.counter('milonga_bus_published_total', 'Hints to other nodes', () => busMetrics.published);
    this.counter('milonga_bus_received_total', 'Hints from other nodes', () => busMetrics.received);
    this.counter('milonga_bus_foreign_total', 'Payloads that are no hints of ours', () => busMetrics.foreign);
    this.counter('milonga_bus_outages_total', 'Times that Redis was lost', () => busMetrics.outages);
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  render(): Promise<string> {
    return this.registry.metrics();
  }

  private gauge(name: string, help: string, read: () => number | Promise<number>): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      async collect() {
        this.set(await read());
      },
    });
  }

  /** A count that a feature keeps as a plain number. */
  private counter(name: string, help: string, read: () => number): void {
    new Counter({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }
}
