export interface BucketLimits {
  /** Tokens regained a second. */
  readonly ratePerSecond: number;
  /** Tokens in a full bucket. */
  readonly burst: number;
}

export type Admission = 'admitted' | 'limited' | 'flooding';

/** Frames over the limit, with no pause long enough to refill the bucket, after which a client counts as flooding. */
const FLOODING_AFTER = 100;

/** Slack for sums of fractions: a bucket this near to full is full. */
const EPSILON = 1e-6;

/** LIMIT-1's token bucket. Pure: it is told the time (milliseconds on any clock that never goes back). */
export class TokenBucket {
  private tokens: number;
  private overLimit = 0;
  private spent = 0;
  /** Called when tokens are taken for the first time since `takeSpent`. */
  onSpent: (() => void) | undefined;

  constructor(
    private readonly limits: BucketLimits,
    private refilledAt: number,
  ) {
    this.tokens = limits.burst;
  }

  /** Takes `cost` tokens if they are there. */
  take(cost: number, now: number): Admission {
    this.refill(now);
    if (this.tokens + EPSILON >= cost) {
      this.tokens -= cost;
      if (this.spent === 0) this.onSpent?.();
      this.spent += cost;
      return 'admitted';
    }
    this.overLimit += 1;
    return this.overLimit > FLOODING_AFTER ? 'flooding' : 'limited';
  }

  /** Whole milliseconds, from when it was last asked for tokens, until `cost` tokens are there. */
  msUntil(cost: number): number {
    return Math.ceil((Math.max(0, cost - this.tokens) * 1_000) / this.limits.ratePerSecond);
  }

  /** Takes tokens that were spent elsewhere, be they there or not. */
  deduct(tokens: number, now: number): void {
    this.refill(now);
    this.tokens = Math.max(-this.limits.burst, this.tokens - tokens);
  }

  /** Tokens that it lacks of being full. */
  missing(now: number): number {
    this.refill(now);
    return this.limits.burst - this.tokens;
  }

  /** Tokens taken since this was last asked. */
  takeSpent(): number {
    const { spent } = this;
    this.spent = 0;
    return spent;
  }

  /** Whether it remembers nothing that a new bucket would not. */
  isFull(now: number): boolean {
    this.refill(now);
    return this.tokens + EPSILON >= this.limits.burst;
  }

  private refill(now: number): void {
    const regained = ((now - this.refilledAt) * this.limits.ratePerSecond) / 1_000;
    this.refilledAt = now;
    this.tokens = Math.min(this.limits.burst, this.tokens + regained);
    if (this.tokens + EPSILON >= this.limits.burst) this.overLimit = 0;
  }
}
