import { flushWithin, type Flushable } from '../socket/flush-queue.js';
import { countOf, type Segment } from './segment.js';

/** How long what a room has to tell may wait for more: nobody reads faster. */
export const PACE_MS = 50;
/** The same where so much has just been told at once that it runs past faster than it can be read. */
export const CROWD_PACE_MS = 100;
const CROWD = 10;
/** The same in a small room where one message comes after the other, each alone: a write for each member costs little. */
export const LONE_PACE_MS = 5;
export const SMALL_ROOM = 50;

/**
 * Gathers what a room has to tell, be it its members or the other nodes. What comes after a while of silence leaves at
 * once; in a room where more is said than anybody can read, it leaves at a pace, so that it costs a write then, and not
 * one a batch.
 */
export class RoomOutput implements Flushable {
  private segments: Segment[] = [];
  private bytes = 0;
  private flushedAt = -Infinity;
  private pace = 0;

  /**
   * @param members of the room, at any time
   * @param maxBytes that may wait
   */
  constructor(
    private readonly members: { readonly size: number },
    private readonly maxBytes: number,
    private readonly tell: (segments: readonly Segment[]) => void,
  ) {}

  add(segments: readonly Segment[]): void {
    if (segments.length === 0) return;
    for (const segment of segments) {
      this.segments.push(segment);
      this.bytes += segment.frames.length;
    }
    if (this.bytes > this.maxBytes || performance.now() - this.flushedAt >= this.pace) this.flush();
    else flushWithin(this.pace, this);
  }

  flush(): void {
    const { segments } = this;
    if (segments.length === 0) return;
    this.segments = [];
    this.bytes = 0;
    this.flushedAt = performance.now();
    this.pace = this.paceAfter(countOf(segments));
    this.tell(segments);
  }

  private paceAfter(count: number): number {
    if (count === 1 && this.members.size <= SMALL_ROOM) return LONE_PACE_MS;
    return count < CROWD ? PACE_MS : CROWD_PACE_MS;
  }
}
