import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { IsInt, IsNumber } from 'class-validator';
import { withDeadline } from '../batching/with-deadline.js';
import { Bus, type BusMessage } from '../cluster/bus.js';
import { ClusterNodes } from '../cluster/cluster-nodes.js';
import { MILONGA_OPTIONS, type MilongaOptions } from '../config/options.js';
import { CLOSE_CODE } from '../protocol/index.js';
import type { Connection } from '../socket/connection.js';
import { ConnectionRegistry } from '../socket/connection-registry.js';
import { asShape } from '../validation/shape.js';
import { countOf, UserLinks, type Whereabouts } from './user-links.js';

/** Tells a node to close its longest idle connection of a user, or to look whether there are too many. */
class AboutUser {
  @IsInt()
  userId!: number;
}

/** Asks a node for its longest idle connection of a user. */
class Question extends AboutUser {
  /** The answer gives it back: one that comes late is none to the next question. */
  @IsInt()
  poll!: number;
}

class Answer extends Question {
  /** How many connections the user has there. */
  @IsInt()
  connections!: number;

  /** Milliseconds since the last frame of the longest idle of them. */
  @IsNumber()
  idleMs!: number;
}

/** How long other nodes have to answer. */
const PATIENCE_MS = 300;
/** Who comes to several nodes in one moment is not seen by each of them yet: by then they are. */
const SECOND_LOOK_MS = 1_000;

interface Poll {
  readonly number: number;
  /** By node. */
  readonly answers: Map<string, Answer>;
  readonly expected: number;
  readonly done: () => void;
}

/** LIMIT-2: of a user's connections beyond the limit, on all nodes, the longest idle goes. */
@Injectable()
export class ConnectionCap implements OnModuleInit {
  /** By user. */
  private readonly polls = new Map<number, Poll>();
  private pollCount = 0;
  /** Users who will be looked at once more. */
  private readonly suspects = new Set<number>();
  /** Users on whom this node decides just now; true: more have come meanwhile. */
  private readonly judged = new Map<number, boolean>();

  constructor(
    @Inject(MILONGA_OPTIONS) private readonly options: MilongaOptions,
    private readonly bus: Bus,
    private readonly registry: ConnectionRegistry,
    private readonly nodes: ClusterNodes,
    private readonly links: UserLinks,
  ) {}

  onModuleInit(): void {
    this.nodes.handle('idle?', (message) => this.answer(message));
    this.nodes.handle('idle', (message) => this.note(message));
    this.nodes.handle('crowd', ({ data }) => this.judgeAsTold(data));
    this.nodes.handle('evict', ({ data }) => this.evictAsTold(data));
  }

  /** `newest` has just authenticated: another may have to go. */
  async enforce(newest: Connection, userId: number): Promise<void> {
    newest.activeAt = performance.now();
    await this.look(userId);
    // Where there are too many in all, there are on one of the nodes more than its share.
    const share = this.options.limits.maxConnectionsPerUser / (this.nodes.count + 1);
    if (!this.bus.isClustered || this.suspects.has(userId) || this.openConnections(userId).length <= share) return;
    this.suspects.add(userId);
    setTimeout(() => {
      this.suspects.delete(userId);
      void this.look(userId);
    }, SECOND_LOOK_MS).unref();
  }

  /** One node decides for all, or several would send somebody away for the same one too many. */
  private async look(userId: number): Promise<void> {
    if (!this.isTooMany(countOf(await this.links.findOne(userId)), userId)) return;
    const { nodeId } = this.bus;
    const nodes = [nodeId, ...this.nodes.others].sort();
    const judge = this.bus.isUp ? (nodes[userId % nodes.length] as string) : nodeId;
    if (judge === nodeId) await this.judge(userId);
    else this.nodes.tellOne(judge, 'crowd', { userId } satisfies AboutUser);
  }

  private async judge(userId: number): Promise<void> {
    const isJudging = this.judged.has(userId);
    this.judged.set(userId, isJudging);
    if (isJudging) return;
    do {
      this.judged.set(userId, false);
      const whereabouts = await this.links.findOne(userId);
      while (await this.evictOne(userId, whereabouts));
    } while (this.judged.get(userId));
    this.judged.delete(userId);
  }

  /** @returns whether there was one too many, who has been sent away */
  private async evictOne(userId: number, whereabouts: Whereabouts): Promise<boolean> {
    if (!this.isTooMany(countOf(whereabouts), userId)) return false;
    const elsewhere = [...whereabouts].filter(([, connections]) => connections !== 0);
    const answers = await this.ask(
      userId,
      elsewhere.map(([nodeId]) => nodeId),
    );
    // A node that does not answer may be gone, and its connections with it.
    const answered = [...answers.values()].reduce((sum, { connections }) => sum + connections, 0);
    if (!this.isTooMany(answered, userId)) return false;
    const own = longestIdle(this.openConnections(userId));
    const [other] = [...answers].sort(([, a], [, b]) => b.idleMs - a.idleMs);
    if (other && (!own || other[1].idleMs > idlenessOf(own))) {
      this.nodes.tellOne(other[0], 'evict', { userId } satisfies AboutUser);
    } else own?.close(CLOSE_CODE.tooManyConnections);
    return true;
  }

  private isTooMany(elsewhere: number, userId: number): boolean {
    return elsewhere + this.openConnections(userId).length > this.options.limits.maxConnectionsPerUser;
  }

  /** @returns what those nodes have of the user that answer in time */
  private async ask(userId: number, nodeIds: readonly string[]): Promise<ReadonlyMap<string, Answer>> {
    if (nodeIds.length === 0) return new Map();
    let done: () => void = () => undefined;
    const answered = new Promise<void>((resolve) => (done = resolve));
    this.pollCount += 1;
    const poll: Poll = { number: this.pollCount, answers: new Map(), expected: nodeIds.length, done };
    this.polls.set(userId, poll);
    for (const nodeId of nodeIds) {
      this.nodes.tellOne(nodeId, 'idle?', { userId, poll: poll.number } satisfies Question);
    }
    await withDeadline(answered, PATIENCE_MS).catch(() => undefined);
    this.polls.delete(userId);
    return poll.answers;
  }

  private answer({ from, data }: BusMessage): boolean {
    const question = asShape(Question, data) as Question | undefined;
    if (!question) return false;
    const { userId, poll } = question;
    const open = this.openConnections(userId);
    const connection = longestIdle(open);
    const idleMs = connection ? idlenessOf(connection) : 0;
    this.nodes.tellOne(from, 'idle', { userId, poll, connections: open.length, idleMs } satisfies Answer);
    return true;
  }

  private note({ from, data }: BusMessage): boolean {
    const answer = asShape(Answer, data) as Answer | undefined;
    if (!answer) return false;
    const poll = this.polls.get(answer.userId);
    if (poll?.number !== answer.poll) return true;
    poll.answers.set(from, answer);
    if (poll.answers.size === poll.expected) poll.done();
    return true;
  }

  private judgeAsTold(data: unknown): boolean {
    const crowd = asShape(AboutUser, data) as AboutUser | undefined;
    if (crowd) void this.judge(crowd.userId);
    return crowd !== undefined;
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
