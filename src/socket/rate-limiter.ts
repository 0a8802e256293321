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
    const admission = this.bucketOf(connection, now).take(cost, now);
    if (admission === 'admitted') return;
    this.traffic.rateLimited += 1;
    throw new RateLimitedError(admission === 'flooding', messageId);
  }

  private bucketOf(connection: Connection, now: number): TokenBucket {
    const userId = connection.session?.user.id;
    const known = userId === undefined ? this.ofStrangers.get(connection) : this.ofUsers.get(userId);
    if (known) return known;
    const bucket = new TokenBucket(this.limits, now);
    if (userId === undefined) this.ofStrangers.set(connection, bucket);
    else this.ofUsers.set(userId, bucket);
    return bucket;
  }

  private forgetFullBuckets(): void {
    const now = performance.now();
    for (const [userId, bucket] of this.ofUsers) {
      if (bucket.isFull(now)) this.ofUsers.delete(userId);
    }
  }
}
