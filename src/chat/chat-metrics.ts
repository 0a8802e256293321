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

  readonly ackLatency = new Histogram({
    name: 'milonga_ack_latency_seconds',
    help: 'From taking a message in to acknowledging it',
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2],
    registers: [],
  });
}
