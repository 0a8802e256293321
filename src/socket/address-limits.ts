import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { MILONGA_OPTIONS, type MilongaOptions } from '../config/options.js';
import type { Connection } from './connection.js';
import { ConnectionRegistry } from './connection-registry.js';
import { TOO_MANY, UNAVAILABLE, type Refusal } from './refusal.js';
import { TokenBucket } from './token-bucket.js';

const SWEEP_INTERVAL_MS = 10_000;
/** What one address may have of the places for connections that have not authenticated. */
const SHARE_OF_ONE = 0.5;

/** What is remembered of an address. */
interface Tally {
  connections: number;
  unauthenticated: number;
  readonly dials: TokenBucket | undefined;
}

/**
 * What one address may take of the server, and how many strangers it lets in altogether. Generous, as an address may be
 * a whole company's: the limits are there so that nobody takes all.
 */
@Injectable()
export class AddressLimits implements OnModuleInit, OnModuleDestroy {
  private readonly tallies = new Map<string, Tally>();
  private readonly limits: MilongaOptions['limits'];
  private sweeper: NodeJS.Timeout | undefined;

  constructor(
    @Inject(MILONGA_OPTIONS) options: MilongaOptions,
    private readonly registry: ConnectionRegistry,
  ) {
    this.limits = options.limits;
    registry.onAuthenticated(({ address }) => (this.tallyOf(address, performance.now()).unauthenticated -= 1));
  }

  onModuleInit(): void {
    this.sweeper = setInterval(() => this.forget(performance.now()), SWEEP_INTERVAL_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.sweeper);
  }

  /** Why `address` may not open a connection now; undefined: it may, and the dial is counted. */
  judge(address: string, now: number): Refusal | undefined {
    const tally = this.tallyOf(address, now);
    if (tally.dials !== undefined && tally.dials.take(1, now) !== 'admitted') return TOO_MANY;
    const { maxConnectionsPerAddress, maxUnauthenticated } = this.limits;
    if (maxConnectionsPerAddress > 0 && tally.connections >= maxConnectionsPerAddress) return TOO_MANY;
    if (maxUnauthenticated === 0) return undefined;
    if (tally.unauthenticated >= Math.ceil(maxUnauthenticated * SHARE_OF_ONE)) return TOO_MANY;
    return this.registry.unauthenticatedCount >= maxUnauthenticated ? UNAVAILABLE : undefined;
  }

  /** Counts a connection that was let in. */
  opened({ address }: Connection): void {
    const tally = this.tallyOf(address, performance.now());
    tally.connections += 1;
    tally.unauthenticated += 1;
  }

  closed({ address, session }: Connection): void {
    const tally = this.tallyOf(address, performance.now());
    tally.connections -= 1;
    if (!session) tally.unauthenticated -= 1;
  }

  private tallyOf(address: string, now: number): Tally {
    const known = this.tallies.get(address);
    if (known) return known;
    const { dialRatePerAddress: ratePerSecond, dialBurstPerAddress: burst } = this.limits;
    const dials = ratePerSecond > 0 ? new TokenBucket({ ratePerSecond, burst }, now) : undefined;
    const tally: Tally = { connections: 0, unauthenticated: 0, dials };
    this.tallies.set(address, tally);
    return tally;
  }

  /** Drops what says no more than a new tally would. */
  private forget(now: number): void {
    for (const [address, { connections, dials }] of this.tallies) {
      if (connections === 0 && (dials?.isFull(now) ?? true)) this.tallies.delete(address);
    }
  }
}
