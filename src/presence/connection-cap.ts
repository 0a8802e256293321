import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { IsInt, IsNumber } from 'class-validator';
import { withDeadline } from '../batching/with-deadline.js';
import type { BusMessage } from '../cluster/bus.js';
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

class Answer extends AboutUser {
  /** How many connections the user has there. */
  @IsInt()
  connections!: number;

  /** Milliseconds since the last frame of the longest idle of them. */
  @IsNumber()
  idleMs!: number;
}

/** How long other nodes have to answer. */
const PATIENCE_MS = 300;

interface Poll {
  /** By node. */
  readonly answers: Map<string, Answer>;
  readonly expected: number;
  readonly done: () => void;
  /** Resolves with the last answer, or when time is up. */
  readonly ended: Promise<void>;
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
    if (elsewhere.reduce((sum, [, connections]) => sum + connections, here.length) <= limit) return;
    const answers = await this.ask(
      userId,
      elsewhere.map(([nodeId]) => nodeId),
    );
    // A node that does not answer may be gone, and its connections with it.
    if ([...answers.values()].reduce((sum, { connections }) => sum + connections, here.length) <= limit) return;
    const own = longestIdle(here.filter((connection) => connection !== newest));
    const [other] = [...answers].sort(([, a], [, b]) => b.idleMs - a.idleMs);
    if (other && (!own || other[1].idleMs > idlenessOf(own))) {
      this.nodes.tellOne(other[0], 'evict', { userId } satisfies AboutUser);
    } else own?.close(CLOSE_CODE.tooManyConnections);
  }

  /** @returns what those nodes have of the user that answer in time */
  private async ask(userId: number, nodeIds: readonly string[]): Promise<ReadonlyMap<string, Answer>> {
    if (nodeIds.length === 0) return new Map();
    // One poll at a time: the next connection too many counts what the last one left.
    for (let poll = this.polls.get(userId); poll; poll = this.polls.get(userId)) await poll.ended;
    let done: () => void = () => undefined;
    const answered = new Promise<void>((resolve) => (done = resolve));
    const ended = withDeadline(answered, PATIENCE_MS).catch(() => undefined);
    const poll: Poll = { answers: new Map(), expected: nodeIds.length, done, ended };
    this.polls.set(userId, poll);
    for (const nodeId of nodeIds) this.nodes.tellOne(nodeId, 'idle?', { userId } satisfies AboutUser);
    await ended;
    this.polls.delete(userId);
    return poll.answers;
  }

  private answer({ from, data }: BusMessage): boolean {
    const question = asShape(AboutUser, data) as AboutUser | undefined;
    if (!question) return false;
    const { userId } = question;
    const open = this.openConnections(userId);
    const connection = longestIdle(open);
    const idleMs = connection ? idlenessOf(connection) : 0;
    this.nodes.tellOne(from, 'idle', { userId, connections: open.length, idleMs } satisfies Answer);
    return true;
  }

  private note({ from, data }: BusMessage): boolean {
    const answer = asShape(Answer, data) as Answer | undefined;
    if (!answer) return false;
    const poll = this.polls.get(answer.userId);
    poll?.answers.set(from, answer);
    if (poll?.answers.size === poll?.expected) poll?.done();
    return true;
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
