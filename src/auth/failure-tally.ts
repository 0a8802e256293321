/** Failures that cost nothing: people mistype, tokens expire, and a company is one address. */
const FREE = 5;
const STEP_MS = 25;
/** Failures that are forgotten a second. */
const FORGOTTEN_PER_SECOND = 3;

/** How often one address failed to authenticate of late. Pure: it is told the time, in milliseconds. */
export class FailureTally {
  private failures = 0;
  private at = 0;

  /** Counts a failure. @returns how long its answer is held back, in milliseconds, at most `mostMs` */
  add(now: number, mostMs: number): number {
    this.failures = this.remaining(now) + 1;
    this.at = now;
    return Math.min(mostMs, Math.max(0, this.failures - FREE) * STEP_MS);
  }

  isForgotten(now: number): boolean {
    return this.remaining(now) === 0;
  }

  private remaining(now: number): number {
    return Math.max(0, this.failures - ((now - this.at) * FORGOTTEN_PER_SECOND) / 1_000);
  }
}
