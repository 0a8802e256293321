import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Bus } from '../cluster/bus.js';
import { ClusterNodes, hasWritten, signOf } from '../cluster/cluster-nodes.js';
import { RecentChanges } from '../cluster/recent-changes.js';
import { ConnectionRegistry } from '../socket/connection-registry.js';

const USERS_A_READ = 1_000;

/** By node: how many connections a user has there; undefined where the node has still to write that anew. */
export type Whereabouts = ReadonlyMap<string, number | undefined>;

const NOWHERE: Whereabouts = new Map();

/** How many connections a user has on other nodes, as far as is known. */
export function countOf(whereabouts: Whereabouts = NOWHERE): number {
  return [...whereabouts.values()].reduce<number>((total, connections = 0) => total + connections, 0);
}

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
    const { others } = this.nodes;
    for (let i = 0; i < userIds.length; i += USERS_A_READ) {
      const chunk = userIds.slice(i, i + USERS_A_READ);
      const read = (await this.bus.read([...others.map(signOf), ...chunk.map(keyOf)])) ?? [];
      const forgetful = others.filter((_, j) => read[j] && !hasWritten(read[j]));
      chunk.forEach((userId, j) => {
        const whereabouts = new Map<string, number | undefined>(forgetful.map((nodeId) => [nodeId, undefined]));
        for (const [nodeId, count] of Object.entries(read[others.length + j] ?? {})) {
          if (others.includes(nodeId)) whereabouts.set(nodeId, Number(count));
        }
        if (whereabouts.size > 0) found.set(userId, whereabouts);
      });
    }
    return found;
  }

  async findOne(userId: number): Promise<Whereabouts> {
    return (await this.find([userId])).get(userId) ?? NOWHERE;
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
