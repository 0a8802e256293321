import { Injectable } from '@nestjs/common';
import { Histogram } from 'prom-client';

/** What the chat did since the start of the process, read by `/metrics`. */
@Injectable()
export class ChatMetrics {
  messagesStored = 0;
  refused = 0;
  deliveries = 0;

  readonly batchSize = new Histogram({
    name: 'milonga_batch_size_messages',
    help: 'Messages committed together',
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500],
    registers: [],
  });

  /** The histogram's bounds. */
  readonly ackBoundsMs: readonly number[] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000];

  readonly ackLatency = new Histogram({
    name: 'milonga_ack_latency_seconds',
    help: 'From taking a message in to acknowledging it',
    buckets: this.ackBoundsMs.map((bound) => bound / 1_000),
    registers: [],
  });
}
