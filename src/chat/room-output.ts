import { flushWithin, type Flushable } from '../socket/flush-queue.js';

/** How long what a room has to tell may wait for more: nobody reads faster. */
export const PACE_MS = 50;
/** The same for the members of a room in which so much has just been said at once that it runs past faster than it can be read. */
export const CROWD_PACE_MS = 100;
const CROWD = 10;

interface Kind<T> {
  /** Bytes that may wait. */
  readonly maxBytes: number;
  readonly bytesOf: (item: T) => number;
  /** @returns milliseconds until more is told, after so many items together */
  readonly paceAfter: (count: number) => number;
}

/**
 * Gathers what a room has to tell, be it its members or the other nodes. What comes after a while of silence leaves at
 * once; in a room where more is said than anybody can read, it leaves at a pace, so that it costs a write then, and not
 * one a batch.
 */
export class RoomOutput<T> implements Flushable {
  private items: T[] = [];
  private bytes = 0;
  private flushedAt = -Infinity;
  private pace = 0;

  constructor(
    private readonly kind: Kind<T>,
    private readonly tell: (items: readonly T[]) => void,
  ) {}

  add(items: readonly T[]): void {
    if (items.length === 0) return;
    for (const item of items) {
      this.items.push(item);
      this.bytes += this.kind.bytesOf(item);
    }
    if (this.bytes > this.kind.maxBytes || performance.now() - this.flushedAt >= this.pace) this.flush();
    else flushWithin(this.pace, this);
  }

  flush(): void {
    const { items } = this;
    if (items.length === 0) return;
    this.items = [];
    this.bytes = 0;
    this.flushedAt = performance.now();
    this.pace = this.kind.paceAfter(items.length);
    this.tell(items);
  }
}

/** How a room's members are told. */
export function paceOfMembers(messages: number): number {
  return messages < CROWD ? PACE_MS : CROWD_PACE_MS;
}

/** How other nodes are told: their members have the same pace once more. */
export function paceOfNodes(): number {
  return PACE_MS;
}
