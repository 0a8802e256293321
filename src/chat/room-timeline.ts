import { newerThan, type Segment } from './segment.js';

/** Segments that may wait for what is before them. Beyond, the database is asked for them too. */
const MAX_WAITING = 256;

/**
 * How far a room's members on this node have come. Segments arrive from this node's commits and from other nodes: lost,
 * twice, out of order. What comes out is every message once, in the order of the ids (P4, P5). Pure.
 */
export class RoomTimeline {
  private early: Segment[] = [];

  /** @param newest id that the room had when it was opened */
  constructor(private newest: number) {}

  /** The newest id that members have been given, or have had before. */
  get cursor(): number {
    return this.newest;
  }

  /** Segments for which messages before them are missing. */
  get waiting(): readonly Segment[] {
    return this.early;
  }

  /** @returns what members are to be given now, in order */
  accept(segment: Segment): readonly Segment[] {
    if (segment.after > this.newest) {
      this.keep(segment);
      return [];
    }
    const given = this.take(segment);
    return this.early.length === 0 ? given : [...given, ...this.takeWaiting()];
  }

  /** Forgets segments of which the database, read to its end, knows nothing. */
  forget(segments: ReadonlySet<Segment>): void {
    this.early = this.early.filter((segment) => !segments.has(segment));
  }

  private take(segment: Segment): Segment[] {
    if (segment.upTo <= this.newest) return [];
    const given = newerThan(this.newest, segment);
    this.newest = segment.upTo;
    return [given];
  }

  private takeWaiting(): Segment[] {
    const given: Segment[] = [];
    for (let next = this.early[0]; next && next.after <= this.newest; next = this.early[0]) {
      this.early.shift();
      given.push(...this.take(next));
    }
    return given;
  }

  private keep(segment: Segment): void {
    if (this.early.length >= MAX_WAITING) this.early.pop();
    const place = this.early.findIndex(({ after }) => after > segment.after);
    this.early.splice(place < 0 ? this.early.length : place, 0, segment);
  }
}
