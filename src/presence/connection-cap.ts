import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { IsInt, IsNumber } from 'class-validator';
import { type BusMessage } from '../cluster/bus.js';
import { ClusterNodes } from '../cluster/cluster-nodes.js';
import { MILONGA_OPTIONS, type MilongaOptions } from '../config/options.js';
import { CLOSE_CODE } from '../protocol/index.js';
import type { Connection } from '../socket/connection.js';
import { ConnectionRegistry } from '../socket/connection-registry.js';
import { asShape } from '../validation/shape.js';
import { UserLinks } from './user-links.js';

/** Asks a node for, or tells it to close, its longest idle connection of a user. */
class AboutUser {
  @IsInt()
  userId!: number;
}

class Idleness extends AboutUser {
  /** Milliseconds since the connection's last frame. */
  @IsNumber()
  idleMs!: number;
}

/** How long other nodes have to answer. */
const PATIENCE_MS = 300;

interface Poll {
  readonly idleMs: Map<string, number>;
  readonly expected: number;
  done: () => void;
}

/** LIMIT-2: of a user's connections beyond the limit, on all nodes, the longest idle goes. */
@Injectable()
export class ConnectionCap implements OnModuleInit {
  private readonly polls = new Map<number, Poll>();

  constructor(
    @Inject(MILONGA_OPTIONS) private readonly options: MilongaOptions,
    private readonly registry: ConnectionRegistry,
    private readonly nodes: ClusterNodes,
    private readonly links: UserLinks,
  ) {}

  onModuleInit(): void {
    this.nodes.handle('idle?', (message) => this.answer(message));
    this.nodes.handle('idle', (message) => this.note(message));
    this.nodes.handle('evict', ({ data }) => this.evictAsTold(data));
  }

  /** `newest` has just authenticated: it stays, another may have to go. */
  async enforce(newest: Connection, userId: number): Promise<void> {
    const limit = this.options.limits.maxConnectionsPerUser;
    const here = this.openConnections(userId);
    const elsewhere = [...(await this.links.findOne(userId))].filter(([, connections]) => connections > 0);
    const total = elsewhere.reduce((sum, [, connections]) => sum + connections, here.length);
    if (total <= limit) return;
    const own = longestIdle(here.filter((connection) => connection !== newest));
    const [nodeId, idleMs] = await this.ask(
      userId,
      elsewhere.map(([id]) => id),
    );
    if (nodeId !== undefined && (!own || idleMs > idlenessOf(own))) {
      this.nodes.tellOne(nodeId, 'evict', { userId } satisfies AboutUser);
    } else own?.close(CLOSE_CODE.tooManyConnections);
  }

  /** @returns the node with the longest idle connection of the user, of those that answer in time */
  private async ask(userId: number, nodeIds: readonly string[]): Promise<[nodeId: string | undefined, idleMs: number]> {
    if (nodeIds.length === 0) return [undefined, 0];
    const poll: Poll = { idleMs: new Map(), expected: nodeIds.length, done: () => undefined };
    this.polls.set(userId, poll);
    for (const nodeId of nodeIds) this.nodes.tellOne(nodeId, 'idle?', { userId } satisfies AboutUser);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, PATIENCE_MS).unref();
      poll.done = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    if (this.polls.get(userId) === poll) this.polls.delete(userId);
    return [...poll.idleMs].reduce<[string | undefined, number]>((a, b) => (b[1] > a[1] ? b : a), [undefined, 0]);
  }

  private answer({ from, data }: BusMessage): boolean {
    const question = asShape(AboutUser, data) as AboutUser | undefined;
    const connection = question && longestIdle(this.openConnections(question.userId));
    if (question && connection) {
      const { userId } = question;
      this.nodes.tellOne(from, 'idle', { userId, idleMs: idlenessOf(connection) } satisfies Idleness);
    }
    return question !== undefined;
  }

  private note({ from, data }: BusMessage): boolean {
    const answer = asShape(Idleness, data) as Idleness | undefined;
    const poll = answer && this.polls.get(answer.userId);
    poll?.idleMs.set(from, answer?.idleMs ?? 0);
    if (poll?.idleMs.size === poll?.expected) poll?.done();
    return answer !== undefined;
  }

  private evictAsTold(data: unknown): boolean {
    const order = asShape(AboutUser, data) as AboutUser | undefined;
    if (order) longestIdle(this.openConnections(order.userId))?.close(CLOSE_CODE.tooManyConnections);
    return order !== undefined;
  }

  private openConnections(userId: number): Connection[] {
    return [...this.registry.ofUser(userId)].filter((connection) => connection.isOpen);
  }
}

function longestIdle(connections: readonly Connection[]): Connection | undefined {
  return connections.reduce<Connection | undefined>((a, b) => (a && a.activeAt <= b.activeAt ? a : b), undefined);
}

function idlenessOf({ activeAt }: Connection): number {
  return performance.now() - activeAt;
}
