/** How long a node may take, once the database is back, to undo what it refused meanwhile. */
const CALM_MS = 1_500;

/**
 * Since when the database has answered without trouble. Trouble ends with the first answer after it, and only then does
 * the calm begin: a node that asked nothing while the database was away must not take its return for calm. Pure: it is
 * told the time, on `performance.now()`.
 */
export class Calm {
  private away = false;
  private since = -Infinity;

  /** Whether the database has not answered since the last trouble. */
  get isAway(): boolean {
    return this.away;
  }

  troubled(now: number): void {
    this.away = true;
    this.since = now;
  }

  answered(now: number): void {
    if (!this.away) return;
    this.away = false;
    this.since = now;
  }

  /** Milliseconds until it is calm, if nothing more happens; 0 or less: it is. */
  remaining(now: number): number {
    return this.away ? CALM_MS : this.since + CALM_MS - now;
  }
}
