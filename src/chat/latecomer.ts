import { newerThan, type Segment } from './segment.js';

/**
 * A connection between what its client missed and what is live (RES-1). What was in the room at the join comes from the
 * database, all that is newer from the room's feed; which may be behind the database, and so still has older messages to
 * give. Pure.
 */
export class Latecomer {
  private held: Segment[] | undefined = [];
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

  /** @returns what of the feed's `segments` the client is to be given now */
  take(segments: readonly Segment[]): readonly Segment[] {
    if (!this.held) return this.newer(segments);
    for (const segment of segments) {
      this.held.push(segment);
      this.heldSize += segment.frames.length;
    }
    return [];
  }

  /** All that was missed has been sent. @returns what came meanwhile */
  release(): readonly Segment[] {
    const { held = [] } = this;
    this.held = undefined;
    this.heldSize = 0;
    this.before = undefined;
    return this.newer(held);
  }

  /** The join came to nothing. @returns what the client would have been given meanwhile, had it not asked */
  abandon(): readonly Segment[] {
    const { held = [] } = this;
    return this.before ? this.before.take(held) : held;
  }

  private newer(segments: readonly Segment[]): readonly Segment[] {
    return segments.map((segment) => newerThan(this.lastId, segment));
  }
}
