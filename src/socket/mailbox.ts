/** Frames that may wait before the socket is no longer read. */
const PAUSE_AT = 32;

/** A source of frames that can be told to stop and to go on. */
export interface Pausable {
  pause(): void;
  resume(): void;
}

/**
 * One connection's incoming frames: handled one after another in the order sent (CONN-3). A frame whose handling
 * takes time holds back the ones behind it, and the socket too once many wait; one that does not costs no promise.
 */
export class Mailbox<T> {
  private readonly waiting: T[] = [];
  private busy = false;
  private closed = false;

  /** @param handle never throws and never rejects: errors have been turned into frames by then */
  constructor(
    private readonly source: Pausable,
    private readonly handle: (item: T) => Promise<void> | undefined,
  ) {}

  deliver(item: T): void {
    if (this.closed) return;
    if (this.busy) {
      if (this.waiting.push(item) === PAUSE_AT) this.source.pause();
      return;
    }
    const pending = this.handle(item);
    if (pending) void this.drainAfter(pending);
  }

  /** Drops what waits and takes nothing more. */
  close(): void {
    this.closed = true;
    this.waiting.length = 0;
  }

  private async drainAfter(pending: Promise<void>): Promise<void> {
    this.busy = true;
    await pending;
    for (let item = this.waiting.shift(); item !== undefined; item = this.waiting.shift()) await this.handle(item);
    this.busy = false;
    this.source.resume();
  }
}
