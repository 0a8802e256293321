import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { MILONGA_OPTIONS, type MilongaOptions } from '../config/options.js';
import type { Connection } from './connection.js';
import { RateLimitedError } from './protocol-error.js';
import { TokenBucket, type BucketLimits } from './token-bucket.js';
import { Traffic } from './traffic.js';

const SWEEP_INTERVAL_MS = 30_000;

/**
 * LIMIT-1: one bucket per user over all of the user's connections. It outlives them, so that a reconnect is no
 * way around it; before `auth` a connection has a bucket of its own.
 */
@Injectable()
export class RateLimiter implements OnModuleInit, OnModuleDestroy {
  private readonly limits: BucketLimits;
  private readonly ofUsers = new Map<number, TokenBucket>();
  private readonly ofStrangers = new WeakMap<Connection, TokenBucket>();
  private readonly forgottenListeners: ((userId: number) => void)[] = [];
  private sweeper: NodeJS.Timeout | undefined;

  constructor(
    @Inject(MILONGA_OPTIONS) options: MilongaOptions,
    private readonly traffic: Traffic,
  ) {
    this.limits = { ratePerSecond: options.limits.ratePerSecond, burst: options.limits.rateBurst };
  }

  onModuleInit(): void {
    this.sweeper = setInterval(() => this.forgetFullBuckets(), SWEEP_INTERVAL_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.sweeper);
  }

  /**
   * Counts one frame of `connection`.
   *
   * @param cost tokens that it costs
   * @param now on `performance.now()`
   * @param messageId of the chat message that the frame carries, if it does
   * @throws RateLimitedError when it is over the limit
   */
  admit(connection: Connection, cost: number, now: number, messageId?: string): void {
    if (this.limits.ratePerSecond === 0) return;
    const bucket = this.bucketOf(connection, now);
    const admission = bucket.take(cost, now);
    if (admission === 'admitted') return;
    this.traffic.rateLimited += 1;
    throw new RateLimitedError(admission === 'flooding', bucket.msUntil(cost), messageId);
  }

  get isOn(): boolean {
    return this.limits.ratePerSecond > 0;
  }

  /** Tokens that a user's bucket lacks; 0 for one that nothing is remembered of. */
  missing(userId: number, now: number): number {
    return this.ofUsers.get(userId)?.missing(now) ?? 0;
  }

  /** Takes tokens that a user has spent on another node. */
  deduct(userId: number, tokens: number, now: number): void {
    this.bucketOfUser(userId, now).deduct(tokens, now);
  }

  /** Has `listener` called when a user spends tokens for the first time since `takeSpent`. */
  watch(userId: number, now: number, listener: () => void): void {
    this.bucketOfUser(userId, now).onSpent = listener;
  }

  /** Tokens that a user has spent here since this was last asked. */
  takeSpent(userId: number): number {
    return this.ofUsers.get(userId)?.takeSpent() ?? 0;
  }

  /** @param listener told of each user of whom nothing is remembered any more */
  onForgotten(listener: (userId: number) => void): void {
    this.forgottenListeners.push(listener);
  }

  private bucketOf(connection: Connection, now: number): TokenBucket {
    const userId = connection.session?.user.id;
    if (userId !== undefined) return this.bucketOfUser(userId, now);
    const known = this.ofStrangers.get(connection);
    if (known) return known;
    const bucket = new TokenBucket(this.limits, now);
    this.ofStrangers.set(connection, bucket);
    return bucket;
  }

  private bucketOfUser(userId: number, now: number): TokenBucket {
    const known = this.ofUsers.get(userId);
    if (known) return known;
    const bucket = new TokenBucket(this.limits, now);
    this.ofUsers.set(userId, bucket);
    return bucket;
  }

  private forgetFullBuckets(): void {
    const now = performance.now();
    for (const [userId, bucket] of this.ofUsers) {
      if (!bucket.isFull(now)) continue;
      this.ofUsers.delete(userId);
      for (const listener of this.forgottenListeners) listener(userId);
    }
  }
}
