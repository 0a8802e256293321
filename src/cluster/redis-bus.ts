import { randomBytes } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { Redis, type RedisOptions } from 'ioredis';
import { withDeadline } from '../batching/with-deadline.js';
import { Bus, type BusListener, type Fields, type Hint } from './bus.js';
import type { BusMetrics } from './bus-metrics.js';
import { decodeEnvelope, encodeEnvelope, senderOf } from './envelope.js';

/** How often both connections are asked for a sign of life, and how long they may take. */
const WATCH_INTERVAL_MS = 500;
const SILENCE_MS = 1_000;
const RECONNECT_MS = 250;
const CONNECT_TIMEOUT_MS = 1_000;
/** How long somebody waits for an answer that could be done without. */
const PATIENCE_MS = 250;
/** Reading everything anew after an outage takes longer, and nobody waits for it. */
const COMMAND_TIMEOUT_MS = 5_000;
/** Hints that may wait for the end of this turn of the event loop; beyond, they are lost, as hints may be. */
const MAX_OUTGOING = 50_000;
/** What a node left in the shared memory without an end goes by itself after a day. */
const KEY_TTL_SECONDS = 86_400;

type RedisCommand = [name: string, ...args: (string | number | Buffer)[]];

/**
 * The bus on Redis: pub/sub, sharded where the server has it, and hashes. Two connections, watched by pings, because a
 * server that hangs looks like one that has nothing to say. Commands of one turn of the event loop leave together.
 */
export class RedisBus extends Bus {
  override readonly nodeId = randomBytes(9).toString('base64url');
  override readonly isClustered = true;

  private readonly logger = new Logger('Bus');
  private readonly commands: Redis;
  private readonly subscriber: Redis;
  private readonly listeners = new Map<string, BusListener>();
  /** What this node has said and waits to hear, by its envelope. */
  private readonly echoes = new Map<string, () => void>();
  private readonly restoredListeners: (() => void)[] = [];
  private readonly watchdog: NodeJS.Timeout;
  private readonly watched: Watched[];
  private outgoing: RedisCommand[] = [];
  private isSharded = false;
  private up = false;
  private isRestoring = false;
  private hasLost = false;
  private isClosed = false;

  /** @param namespace what the names of all keys and channels begin with: nodes with another one are strangers */
  constructor(
    url: string,
    private readonly namespace: string,
    private readonly metrics: BusMetrics,
  ) {
    super();
    const options: RedisOptions = {
      connectionName: `milonga-${this.nodeId}`,
      connectTimeout: CONNECT_TIMEOUT_MS,
      commandTimeout: COMMAND_TIMEOUT_MS,
      enableOfflineQueue: false,
      autoResubscribe: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      keepAlive: 5_000,
      retryStrategy: () => RECONNECT_MS,
    };
    this.commands = new Redis(url, options);
    this.subscriber = new Redis(url, options);
    this.watched = [new Watched(this.commands), new Watched(this.subscriber)];
    for (const redis of [this.commands, this.subscriber]) {
      redis.on('error', () => undefined);
      redis.on('close', () => this.lost());
    }
    for (const event of ['messageBuffer', 'smessageBuffer']) {
      this.subscriber.on(event, (channel: Buffer, payload: Buffer) => this.heard(channel.toString(), payload));
    }
    this.watchdog = setInterval(() => this.watch(), WATCH_INTERVAL_MS).unref();
  }

  override get isUp(): boolean {
    return this.up;
  }

  /** Waits a moment for the first connection, so that a node's first clients find the others. */
  async start(): Promise<void> {
    const deadline = performance.now() + 4 * WATCH_INTERVAL_MS;
    while (!this.up && performance.now() < deadline) {
      this.watch();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    if (!this.up) this.logger.warn('Redis does not answer: this node serves its own clients until it does');
  }

  async close(): Promise<void> {
    clearInterval(this.watchdog);
    await this.flush();
    this.isClosed = true;
    this.commands.disconnect();
    this.subscriber.disconnect();
  }

  override publish(channel: string, hint: Hint): void {
    if (!this.up) return;
    this.metrics.published += 1;
    this.enqueue([this.isSharded ? 'spublish' : 'publish', this.nameOf(channel), encodeEnvelope(this.nodeId, hint)]);
  }

  /** The server tells all who listen to a channel in one order, the sender too. */
  override async publishInTurn(channel: string, hint: Hint): Promise<void> {
    if (!this.up) return;
    const envelope = encodeEnvelope(this.nodeId, hint).toString();
    const heard = new Promise<true>((resolve) => this.echoes.set(envelope, () => resolve(true)));
    this.publish(channel, hint);
    const isHeard = await withDeadline(heard, PATIENCE_MS).catch(() => false);
    this.echoes.delete(envelope);
    if (!isHeard && this.listeners.has(channel)) this.tookTooLong();
  }

  /** The server answers in order: what was published before is with it by then. */
  override async flushed(): Promise<void> {
    if (!this.up) return;
    void this.flush();
    await this.inTime(this.commands.ping());
  }

  override async subscribe(channel: string, listener: BusListener): Promise<void> {
    this.listeners.set(channel, listener);
    if (!this.up) return;
    await this.inTime(this.subscribeTo([channel]));
  }

  override unsubscribe(channel: string): void {
    this.listeners.delete(channel);
    if (!this.up) return;
    const name = this.nameOf(channel);
    const done = this.isSharded ? this.subscriber.sunsubscribe(name) : this.subscriber.unsubscribe(name);
    done.catch(() => undefined);
  }

  override async audience(channel: string): Promise<number> {
    if (!this.up) return 0;
    const count = this.isSharded ? 'SHARDNUMSUB' : 'NUMSUB';
    const answer = await this.inTime(this.commands.call('PUBSUB', count, this.nameOf(channel)));
    return Array.isArray(answer) ? Number(answer[1]) : 0;
  }

  override update(key: string, set: Fields, remove: readonly string[] = []): void {
    if (!this.up) return;
    const name = this.nameOf(key);
    if (remove.length > 0) this.enqueue(['hdel', name, ...remove]);
    const fields = Object.entries(set).flat();
    if (fields.length > 0) this.enqueue(['hset', name, ...fields], ['expire', name, KEY_TTL_SECONDS]);
  }

  override async read(keys: readonly string[]): Promise<Fields[] | undefined> {
    if (!this.up) return undefined;
    const pipeline = this.commands.pipeline(keys.map((key) => ['hgetall', this.nameOf(key)]));
    const answers = await this.inTime(pipeline.exec());
    return answers?.every(([error]) => !error) ? answers.map(([, fields]) => fields as Fields) : undefined;
  }

  override onRestored(listener: () => void): void {
    this.restoredListeners.push(listener);
  }

  private nameOf(channel: string): string {
    return `${this.namespace}{${channel}}`;
  }

  /** @returns undefined when the server does not answer in time */
  private async inTime<T>(answer: Promise<T>): Promise<T | undefined> {
    try {
      return await withDeadline(answer, PATIENCE_MS);
    } catch {
      this.tookTooLong();
      return undefined;
    }
  }

  /** A server that lets one wait counts as away, so that the next does not wait. */
  private tookTooLong(): void {
    this.suspectLoss();
    this.lost();
  }

  private enqueue(...commands: RedisCommand[]): void {
    if (this.outgoing.length >= MAX_OUTGOING) {
      this.suspectLoss();
      return;
    }
    if (this.outgoing.length === 0) setImmediate(() => void this.flush());
    this.outgoing.push(...commands);
  }

  private async flush(): Promise<void> {
    const { outgoing } = this;
    this.outgoing = [];
    if (outgoing.length === 0 || this.isClosed) return;
    // What a pipeline would do, without the copy of everything that a pipeline makes.
    const { stream } = this.commands;
    stream.cork();
    const answers = outgoing.map((command) => this.commands.call(...command));
    stream.uncork();
    try {
      await Promise.all(answers);
    } catch {
      this.suspectLoss();
    }
  }

  private heard(name: string, payload: Buffer): void {
    const from = senderOf(payload);
    if (from === this.nodeId) {
      if (this.echoes.size > 0) this.echoes.get(payload.toString())?.();
      return;
    }
    this.metrics.received += 1;
    const message = from === undefined ? undefined : decodeEnvelope(from, payload);
    const channel = name.slice(this.namespace.length + 1, -1);
    const listener = this.listeners.get(channel);
    if (!message || (listener && !this.isUnderstood(listener, message))) this.metrics.foreign += 1;
  }

  private isUnderstood(listener: BusListener, message: ReturnType<typeof decodeEnvelope> & object): boolean {
    try {
      return listener(message);
    } catch (error) {
      this.logger.warn(`A message of another node could not be used: ${String(error)}`);
      return false;
    }
  }

  private async subscribeTo(channels: readonly string[]): Promise<void> {
    const names = channels.map((channel) => this.nameOf(channel));
    if (this.isSharded) await Promise.all(names.map((name) => this.subscriber.ssubscribe(name)));
    else await this.subscriber.subscribe(...names);
  }

  private watch(): void {
    for (const connection of this.watched) connection.look();
    const answers = this.watched.every(({ isAlive }) => isAlive);
    if (!answers) this.lost();
    else if ((!this.up || this.hasLost) && !this.isRestoring) void this.restore();
  }

  /** What was said may not have been heard: everything is said again at the next look. */
  private suspectLoss(): void {
    this.hasLost = true;
  }

  private lost(): void {
    if (!this.up) return;
    this.up = false;
    if (this.isClosed) return;
    this.metrics.outages += 1;
    this.outgoing = [];
    this.logger.warn('Redis is away: this node goes on with its own clients');
  }

  private async restore(): Promise<void> {
    this.isRestoring = true;
    try {
      const known = await this.commands.call('COMMAND', 'INFO', 'SSUBSCRIBE');
      this.isSharded = Array.isArray(known) && Array.isArray(known[0]);
      if (this.listeners.size > 0) await this.subscribeTo([...this.listeners.keys()]);
      this.hasLost = false;
      const wasUp = this.up;
      this.up = this.watched.every(({ isAlive }) => isAlive);
      if (!this.up) return;
      if (!wasUp) this.logger.log('Redis is there');
      for (const listener of this.restoredListeners) listener();
    } catch {
      this.hasLost = true;
    } finally {
      this.isRestoring = false;
    }
  }
}

/** One connection, and whether it answers. */
class Watched {
  isAlive = false;
  private askedAt: number | undefined;

  constructor(private readonly redis: Redis) {
    redis.on('close', () => {
      this.isAlive = false;
      this.askedAt = undefined;
    });
  }

  look(): void {
    if (this.redis.status !== 'ready') return;
    const now = performance.now();
    if (this.askedAt === undefined) {
      this.askedAt = now;
      const askedAt = now;
      this.redis.ping().then(
        () => {
          if (this.askedAt !== askedAt) return;
          this.isAlive = true;
          this.askedAt = undefined;
        },
        () => undefined,
      );
    } else if (now - this.askedAt > SILENCE_MS) {
      this.isAlive = false;
      this.askedAt = undefined;
      this.redis.disconnect(true);
    }
  }
}
