import { flushAtPace, PACE_MS, type Flushable } from '../socket/flush-queue.js';
import type { Segment, TimelineEntry } from './room-timeline.js';

/** What a room's members on this node, and the other nodes, are to be told at once. */
export interface RoomNews {
  /** For the members, in order. */
  readonly entries: readonly TimelineEntry[];
  /** What this node has committed, for the others. */
  readonly segments: readonly Segment[];
}

/**
 * Gathers what a room has to tell. What comes after a while of silence leaves at once; in a room where more is said than
 * anybody can read, it leaves once each `PACE_MS`, so that a member costs a write then, and not one a batch.
 */
export class RoomOutput implements Flushable {
  private entries: TimelineEntry[] = [];
  private segments: Segment[] = [];
  private bytes = 0;
  private flushedAt = -Infinity;

  /** @param maxBytes of frames that may wait */
  constructor(
    private readonly maxBytes: number,
    private readonly tell: (news: RoomNews) => void,
  ) {}

  add(entries: readonly TimelineEntry[], segment?: Segment): void {
    for (const entry of entries) {
      this.entries.push(entry);
      this.bytes += entry.frame?.length ?? 0;
    }
    if (segment) this.segments.push(segment);
    if (this.bytes > this.maxBytes || performance.now() - this.flushedAt >= PACE_MS) this.flush();
    else flushAtPace(this);
  }

  flush(): void {
    const { entries, segments } = this;
    if (entries.length === 0 && segments.length === 0) return;
    this.entries = [];
    this.segments = [];
    this.bytes = 0;
    this.flushedAt = performance.now();
    this.tell({ entries, segments });
  }
}
