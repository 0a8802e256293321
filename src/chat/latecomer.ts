import type { TimelineEntry } from './room-timeline.js';

/**
 * A connection between what its client missed and what is live (RES-1). What was in the room at the join comes from the
 * database, all that is newer from the room's feed; which may be behind the database, and so still has older messages to
 * give. Pure.
 */
export class Latecomer {
  private held: TimelineEntry[] | undefined = [];
  private heldSize = 0;

  /**
   * @param lastId the room's newest id at the join
   * @param before what it is to the room already, where the feed is still behind an earlier join
   */
  constructor(
    readonly lastId: number,
    private before?: Latecomer,
  ) {}

  get earlier(): Latecomer | undefined {
    return this.before;
  }

  /** Bytes of the frames that are held back. */
  get heldBytes(): number {
    return this.heldSize;
  }

  /** Whether what was missed has not been sent to its end. */
  get isHolding(): boolean {
    return this.held !== undefined;
  }

  /** @returns which of the feed's `entries` the client is to be given now */
  take(entries: readonly TimelineEntry[]): readonly TimelineEntry[] {
    if (!this.held) return this.newer(entries);
    for (const entry of entries) {
      this.held.push(entry);
      this.heldSize += entry.frame?.length ?? 0;
    }
    return [];
  }

  /** All that was missed has been sent. @returns what came meanwhile */
  release(): readonly TimelineEntry[] {
    const { held = [] } = this;
    this.held = undefined;
    this.heldSize = 0;
    this.before = undefined;
    return this.newer(held);
  }

  /** The join came to nothing. @returns what the client would have been given meanwhile, had it not asked */
  abandon(): readonly TimelineEntry[] {
    const { held = [] } = this;
    return this.before ? this.before.take(held) : held;
  }

  private newer(entries: readonly TimelineEntry[]): readonly TimelineEntry[] {
    return entries.filter(({ id }) => id > this.lastId);
  }
}
