const MICROSECONDS = 1_000;

/**
 * Tells the batches of messages apart by their `created_at`: the millisecond is the message's time, the microseconds
 * below it, which no frame shows, count batches. So one batch can be taken back without touching a row of another
 * with the same key and the same millisecond. Other processes start their count elsewhere.
 */
export class BatchStamp {
  private count = Math.floor(Math.random() * MICROSECONDS);

  /** A timestamptz literal, at most a millisecond later than `createdAt`, and never on the full millisecond. */
  next(createdAt: Date): string {
    this.count = (this.count % (MICROSECONDS - 1)) + 1;
    return createdAt.toISOString().replace('Z', `${String(this.count).padStart(3, '0')}Z`);
  }
}
