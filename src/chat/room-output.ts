import { flushWithin, type Flushable } from '../socket/flush-queue.js';
import type { RoomPace } from './room-pace.js';
import type { Segment } from './segment.js';

/**
 * Gathers what a room has to tell, be it its members or the other nodes. What comes after a while of silence leaves at
 * once; in a room where more is said than anybody can read, it leaves at a pace, so that it costs a write then, and not
 * one a batch.
 */
export class RoomOutput implements Flushable {
  private segments: Segment[] = [];
  private bytes = 0;
  private flushedAt = -Infinity;

  /** @param maxBytes that may wait */
  constructor(
    private readonly pace: Pick<RoomPace, 'ms'>,
    private readonly maxBytes: number,
    private readonly tell: (segments: readonly Segment[]) => void,
  ) {}

  add(segments: readonly Segment[]): void {
    if (segments.length === 0) return;
    for (const segment of segments) {
      this.segments.push(segment);
      this.bytes += segment.frames.length;
    }
    const { ms } = this.pace;
    if (this.bytes > this.maxBytes || performance.now() - this.flushedAt >= ms) this.flush();
    else flushWithin(ms, this);
  }

  flush(): void {
    const { segments } = this;
    if (segments.length === 0) return;
    this.segments = [];
    this.bytes = 0;
    this.flushedAt = performance.now();
    this.tell(segments);
  }
}
