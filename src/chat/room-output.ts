import { flushAtPace, PACE_MS, type Flushable } from '../socket/flush-queue.js';
import type { Segment, TimelineEntry } from './room-timeline.js';

/** What a room's members on this node, and the other nodes, are to be told at once. */
export interface RoomNews {
  /** The frames for the members, in order. */
  readonly texts: readonly string[];
  /** What this node has committed, for the others. */
  readonly segments: readonly Segment[];
}

/**
 * Gathers what a room has to tell. What comes after a while of silence leaves at once; in a room where more is said than
 * anybody can read, it leaves once each `PACE_MS`, so that a member costs a write then, and not one a batch.
 */
export class RoomOutput implements Flushable {
  private texts: string[] = [];
  private segments: Segment[] = [];
  private units = 0;
  private flushedAt = -Infinity;

  /** @param maxUnits UTF-16 units of text that may wait */
  constructor(
    private readonly maxUnits: number,
    private readonly tell: (news: RoomNews) => void,
  ) {}

  add(entries: readonly TimelineEntry[], segment?: Segment): void {
    for (const { text } of entries) {
      if (text === undefined) continue;
      this.texts.push(text);
      this.units += text.length;
    }
    if (segment) this.segments.push(segment);
    if (this.units > this.maxUnits || performance.now() - this.flushedAt >= PACE_MS) this.flush();
    else flushAtPace(this);
  }

  flush(): void {
    const { texts, segments } = this;
    if (texts.length === 0 && segments.length === 0) return;
    this.texts = [];
    this.segments = [];
    this.units = 0;
    this.flushedAt = performance.now();
    this.tell({ texts, segments });
  }
}
