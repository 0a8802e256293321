import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Bus } from '../cluster/bus.js';
import { ClusterNodes } from '../cluster/cluster-nodes.js';
import { RecentChanges } from '../cluster/recent-changes.js';
import { ConnectionRegistry } from '../socket/connection-registry.js';

const USERS_A_READ = 1_000;

/** By node: how many connections a user has there. */
export type Whereabouts = ReadonlyMap<string, number>;

const NOWHERE: Whereabouts = new Map();

/**
 * Which users are connected to which nodes: `user:<id>` in the shared memory, written by each node for itself. A node of
 * which the user has just gone stands there with 0 connections while it still remembers something of the user.
 */
@Injectable()
export class UserLinks implements OnModuleInit {
  /** Users who went. */
  private readonly gone = new RecentChanges<true>();
  private remembers: (userId: number) => boolean = () => false;

  constructor(
    private readonly bus: Bus,
    private readonly nodes: ClusterNodes,
    private readonly registry: ConnectionRegistry,
  ) {}

  onModuleInit(): void {
    if (!this.bus.isClustered) return;
    this.registry.onChange((userId, connections) => this.write(userId, connections));
    this.nodes.onBeat(() => this.gone.beatPassed());
    this.nodes.onRewrite(() => this.rewrite());
  }

  /** @param remembers whether other nodes should ask this one about a user who is not connected to it */
  keepWhile(remembers: (userId: number) => boolean): void {
    this.remembers = remembers;
  }

  /** This node remembers nothing more of a user. */
  forgotten(userId: number): void {
    if (this.bus.isClustered && this.registry.ofUser(userId).size === 0) this.write(userId, 0);
  }

  /** Where else each user is connected, as far as is known: nowhere, while other nodes cannot be heard. */
  async find(userIds: readonly number[]): Promise<Map<number, Whereabouts>> {
    const found = new Map<number, Whereabouts>();
    if (!this.bus.isClustered) return found;
    for (let i = 0; i < userIds.length; i += USERS_A_READ) {
      const chunk = userIds.slice(i, i + USERS_A_READ);
      const read = await this.bus.read(chunk.map(keyOf));
      chunk.forEach((userId, j) => {
        const elsewhere = Object.entries(read?.[j] ?? {}).filter(([nodeId]) => this.isElsewhere(nodeId));
        if (elsewhere.length > 0) found.set(userId, new Map(elsewhere.map(([id, count]) => [id, Number(count)])));
      });
    }
    return found;
  }

  async findOne(userId: number): Promise<Whereabouts> {
    return (await this.find([userId])).get(userId) ?? NOWHERE;
  }

  private isElsewhere(nodeId: string): boolean {
    return nodeId !== this.bus.nodeId && this.nodes.isPresent(nodeId) && !this.nodes.hasLeft(nodeId);
  }

  private write(userId: number, connections: number): void {
    if (connections === 0) this.gone.note(userId, true);
    const { nodeId } = this.bus;
    if (connections > 0 || this.remembers(userId)) this.bus.update(keyOf(userId), { [nodeId]: String(connections) });
    else this.bus.update(keyOf(userId), {}, [nodeId]);
  }

  private rewrite(): Promise<void> {
    const userIds = new Set([...this.registry.userIds, ...this.gone.all.keys()]);
    for (const userId of userIds) this.write(userId, this.registry.ofUser(userId).size);
    return Promise.resolve();
  }
}

function keyOf(userId: number): string {
  return `user:${userId}`;
}
