import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { MILONGA_OPTIONS, type MilongaOptions } from '../config/options.js';
import { FailureTally } from './failure-tally.js';

/** All failures take this long at least: a forged token is known at once, an unknown user only from the database (AUTH-3). */
const LEAST_MS = 100;
/** Of the time that a connection has to authenticate (AUTH-5). */
const SHARE_OF_TIMEOUT = 0.25;
const SWEEP_INTERVAL_MS = 10_000;

/**
 * Holds the answers to failed authentications back: each to the same moment after its request, whatever was wrong with
 * the token; and the longer, the more often its address failed of late. Good tokens are never held back.
 */
@Injectable()
export class FailureDelay implements OnModuleInit, OnModuleDestroy {
  private readonly tallies = new Map<string, FailureTally>();
  private readonly mostMs: number;
  private readonly ceilingMs: number;
  private sweeper: NodeJS.Timeout | undefined;

  constructor(@Inject(MILONGA_OPTIONS) { limits, authTimeoutMs }: MilongaOptions) {
    this.mostMs = limits.authFailureDelayMs;
    this.ceilingMs = authTimeoutMs * SHARE_OF_TIMEOUT;
  }

  onModuleInit(): void {
    this.sweeper = setInterval(() => this.forget(performance.now()), SWEEP_INTERVAL_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.sweeper);
  }

  /**
   * Resolves when the answer to a failure may go out.
   *
   * @param address as `clientAddress` gives it
   * @param since when the attempt came, on `performance.now()`
   */
  async hold(address: string, since: number): Promise<void> {
    const now = performance.now();
    const due = since + Math.min(this.ceilingMs, LEAST_MS + this.tallyOf(address).add(now, this.mostMs));
    if (due > now) await pause(due - now, undefined, { ref: false });
  }

  private tallyOf(address: string): FailureTally {
    const known = this.tallies.get(address);
    if (known) return known;
    const tally = new FailureTally();
    this.tallies.set(address, tally);
    return tally;
  }

  private forget(now: number): void {
    for (const [address, tally] of this.tallies) if (tally.isForgotten(now)) this.tallies.delete(address);
  }
}
