import type { NodeSample } from './node-sample.js';

/** What a node has counted since its start. */
export interface Reading {
  /** On `performance.now()`. */
  readonly time: number;
  readonly messages: number;
  readonly deliveries: number;
  /** Acknowledgements up to each of the bounds, and of any latency: cumulative, as Prometheus has them. */
  readonly acksUpTo: readonly number[];
  readonly messagesRefused: number;
  readonly slowClientsCut: number;
  readonly rateLimited: number;
  readonly gapsFilled: number;
}

type Risen = Pick<
  NodeSample,
  | 'messagesPerSecond'
  | 'deliveriesPerSecond'
  | 'ackCounts'
  | 'messagesRefused'
  | 'slowClientsCut'
  | 'rateLimited'
  | 'gapsFilled'
>;

/** What happened between two readings of one process. */
export function risenBetween(before: Reading, after: Reading): Risen {
  const seconds = Math.max((after.time - before.time) / 1_000, 0.001);
  const acks = after.acksUpTo.map((count, i) => count - (before.acksUpTo[i] ?? 0));
  return {
    messagesPerSecond: rounded((after.messages - before.messages) / seconds),
    deliveriesPerSecond: rounded((after.deliveries - before.deliveries) / seconds),
    ackCounts: acks.map((count, i) => count - (acks[i - 1] ?? 0)),
    messagesRefused: after.messagesRefused - before.messagesRefused,
    slowClientsCut: after.slowClientsCut - before.slowClientsCut,
    rateLimited: after.rateLimited - before.rateLimited,
    gapsFilled: after.gapsFilled - before.gapsFilled,
  };
}

/** To a tenth: it goes over the wire by the hundred. */
export function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
