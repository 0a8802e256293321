/** A message as its room's members get it. */
export interface TimelineEntry {
  readonly id: number;
  /** The `new_message` frame's JSON; undefined for a deleted message, which nobody is shown. */
  readonly text: string | undefined;
}

/** Messages of one room that stand behind one another in the database, the first of them right behind `after`. */
export interface Segment {
  /** The room's newest id before them; 0 when there was none. */
  readonly after: number;
  /** At least one. */
  readonly entries: readonly TimelineEntry[];
}

/** Segments that may wait for what is before them. Beyond, the database is asked for them too. */
const MAX_WAITING = 256;

/**
 * How far a room's members on this node have come. Segments arrive from this node's commits and from other nodes: lost,
 * twice, out of order. What comes out is every message once, in the order of the ids (P4, P5). Pure.
 */
export class RoomTimeline {
  private waiting: Segment[] = [];

  /** @param newest id that the room had when it was opened */
  constructor(private newest: number) {}

  /** The newest id that members have been given, or have had before. */
  get cursor(): number {
    return this.newest;
  }

  /** The id up to which messages are missing; undefined when none are known to be. */
  get missingUpTo(): number | undefined {
    return this.waiting[0]?.after;
  }

  /** @returns what members are to be given now, in order */
  accept(segment: Segment): TimelineEntry[] {
    if (segment.after > this.newest) {
      this.keep(segment);
      return [];
    }
    const given = this.take(segment);
    return given.length === 0 ? given : [...given, ...this.takeWaiting()];
  }

  /**
   * Takes what the database has after `cursor`.
   *
   * @param upTo the id up to which `entries` is all there is
   */
  fill(entries: readonly TimelineEntry[], upTo: number): TimelineEntry[] {
    const given = entries.filter(({ id }) => id > this.newest);
    this.newest = Math.max(this.newest, upTo, given.at(-1)?.id ?? 0);
    return [...given, ...this.takeWaiting()];
  }

  private take({ entries }: Segment): TimelineEntry[] {
    const given = entries.filter(({ id }) => id > this.newest);
    this.newest = Math.max(this.newest, entries.at(-1)?.id ?? 0);
    return given;
  }

  private takeWaiting(): TimelineEntry[] {
    const given: TimelineEntry[] = [];
    for (let next = this.waiting[0]; next && next.after <= this.newest; next = this.waiting[0]) {
      this.waiting.shift();
      given.push(...this.take(next));
    }
    return given;
  }

  private keep(segment: Segment): void {
    if (this.waiting.length >= MAX_WAITING) this.waiting.pop();
    const place = this.waiting.findIndex(({ after }) => after > segment.after);
    this.waiting.splice(place < 0 ? this.waiting.length : place, 0, segment);
  }
}
