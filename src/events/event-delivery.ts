import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Bus, type BusMessage } from '../cluster/bus.js';
import { ClusterNodes } from '../cluster/cluster-nodes.js';
import { UserLinks } from '../presence/user-links.js';
import { ConnectionRegistry } from '../socket/connection-registry.js';
import { encodeTextFrames, frameEnds } from '../socket/frame-encoder.js';

/** Recipients served in one turn of the event loop. */
const CHUNK = 1_000;
const EVENT = 'event';

/** Brings an event to every connection of its recipients, on whatever nodes they are. */
@Injectable()
export class EventDelivery implements OnModuleInit {
  constructor(
    private readonly registry: ConnectionRegistry,
    private readonly bus: Bus,
    private readonly nodes: ClusterNodes,
    private readonly links: UserLinks,
  ) {}

  onModuleInit(): void {
    this.nodes.handle(EVENT, (message) => this.heard(message));
  }

  /**
   * @param text the event's frame, as JSON
   * @returns how many connections it was addressed to (EVENT-4)
   */
  async deliver(text: string, userIds: readonly number[]): Promise<number> {
    const encoded = encodeTextFrames([text]);
    let reached = 0;
    for (let i = 0; i < userIds.length; i += CHUNK) {
      if (i > 0) await new Promise((resolve) => setImmediate(resolve));
      const chunk = userIds.slice(i, i + CHUNK);
      for (const userId of chunk) reached += this.give(userId, encoded);
      reached += await this.forward(encoded, chunk);
    }
    return reached;
  }

  /** One message for each node that has some of them. */
  private async forward(encoded: Buffer, userIds: readonly number[]): Promise<number> {
    const recipients = new Map<string, number[]>();
    let reached = 0;
    for (const [userId, whereabouts] of await this.links.find(userIds)) {
      for (const [nodeId, connections] of whereabouts) {
        if (connections === 0) continue;
        reached += connections ?? 0;
        const known = recipients.get(nodeId);
        if (known) known.push(userId);
        else recipients.set(nodeId, [userId]);
      }
    }
    for (const [nodeId, users] of recipients) this.nodes.tellOne(nodeId, EVENT, users, [encoded]);
    // Who awaits one event before sending the next, maybe by way of another node, means that order.
    if (recipients.size > 0) await this.bus.flushed();
    return reached;
  }

  private heard({ data, body }: BusMessage): boolean {
    if (!Array.isArray(data) || !data.every(Number.isInteger) || frameEnds(body)?.length !== 1) return false;
    // A connection may hold it for long: not all that came along with it.
    const encoded = Buffer.from(body);
    for (const userId of data as number[]) this.give(userId, encoded);
    return true;
  }

  private give(userId: number, encoded: Buffer): number {
    const connections = this.registry.ofUser(userId);
    for (const connection of connections) connection.sendEncoded(encoded);
    return connections.size;
  }
}
