const PERIOD_MS = 1_000;
/** Causes that are told apart at a time; further ones share a line. */
const MOST_CAUSES = 200;
const OTHERS = 'others';
const CAUSE_LENGTH = 60;

/** Lines of one cause within a second. */
interface Count {
  readonly since: number;
  suppressed: number;
}

/**
 * One log line a second for each cause, so that whoever can cause lines cannot fill a disk with them. Pure: it is told
 * the time, in milliseconds.
 */
export class LineLimiter {
  private readonly counts = new Map<string, Count>();

  /** @returns how many lines of that cause were left out since the last; undefined: leave this one out, too */
  admit(cause: string, now: number): number | undefined {
    const key = this.counts.has(cause) || this.counts.size < MOST_CAUSES ? cause : OTHERS;
    const known = this.counts.get(key);
    if (known && now - known.since < PERIOD_MS) {
      known.suppressed += 1;
      return undefined;
    }
    if (this.counts.size >= MOST_CAUSES) this.forget(now);
    this.counts.set(key, { since: now, suppressed: 0 });
    return known?.suppressed ?? 0;
  }

  private forget(now: number): void {
    for (const [cause, { since }] of this.counts) if (now - since >= PERIOD_MS) this.counts.delete(cause);
  }
}

/** What a line is about, without what differs from one occurrence to the next: numbers, names in quotes, long tails. */
export function causeOf(level: string, context: unknown, message: unknown): string {
  const text = (message instanceof Error ? `${message.name}: ${message.message}` : String(message)).slice(0, 200);
  const words = text.replace(/"[^"]*"?|\d+/g, '#').slice(0, CAUSE_LENGTH);
  return `${level} ${String(context)} ${words}`;
}
