import { count, megabytes, milliseconds, rate } from './format.js';
import type { Row } from './rows.js';

interface Line {
  /** Beside its value, where there are two. */
  readonly name: string;
  readonly value: (row: Row) => number | null;
}

export interface TileSpec {
  readonly title: string;
  /** What it means, for somebody who sees it for the first time. */
  readonly hint: string;
  /** `bars`: what happens now and then, of which the sum counts. */
  readonly kind: 'lines' | 'bars';
  readonly lines: readonly Line[];
  readonly format: (value: number) => string;
  readonly formatAxis: (value: number) => string;
  /** The least that the vertical axis reaches to: a still sea has no waves. */
  readonly floor: number;
}

const COUNT = { format: count, formatAxis: count, floor: 5 };
const RATE = { format: rate, formatAxis: rate, floor: 5 };
const LATENCY = { format: milliseconds, formatAxis: milliseconds, floor: 10 };

const NOW: readonly TileSpec[] = [
  {
    title: 'Connections',
    hint: 'Open sockets, and those that have signed in',
    kind: 'lines',
    lines: [
      { name: 'open', value: (row) => row.connections },
      { name: 'signed in', value: (row) => row.authenticated },
    ],
    ...COUNT,
  },
  {
    title: 'Rooms',
    hint: 'With somebody in them',
    kind: 'lines',
    lines: [{ name: 'rooms', value: (row) => row.rooms }],
    ...COUNT,
  },
  {
    title: 'Messages a second',
    hint: 'Committed to the database',
    kind: 'lines',
    lines: [{ name: 'messages', value: (row) => row.messages }],
    ...RATE,
  },
  {
    title: 'Deliveries a second',
    hint: 'Messages put out, once for each member',
    kind: 'lines',
    lines: [{ name: 'deliveries', value: (row) => row.deliveries }],
    ...RATE,
  },
  {
    title: 'Acknowledgement latency',
    hint: 'From taking a message in to “sent”; an estimate from a histogram',
    kind: 'lines',
    lines: [
      { name: 'p99', value: (row) => row.ackP99 },
      { name: 'p50', value: (row) => row.ackP50 },
    ],
    ...LATENCY,
  },
  {
    title: 'Event-loop lag',
    hint: '99th percentile, of the node that lags most',
    kind: 'lines',
    lines: [{ name: 'p99', value: (row) => row.lag }],
    ...LATENCY,
  },
  {
    title: 'Heap',
    hint: 'JavaScript memory in use, of all nodes shown',
    kind: 'lines',
    lines: [{ name: 'used', value: (row) => row.heapMb }],
    format: megabytes,
    formatAxis: megabytes,
    floor: 64,
  },
];

function counter(title: string, hint: string, value: Line['value']): TileSpec {
  return { title, hint, kind: 'bars', lines: [{ name: title.toLowerCase(), value }], ...COUNT };
}

export const TILES: readonly TileSpec[] = [
  ...NOW,
  counter('Slow clients cut', 'They did not read what waited for them', (row) => row.cut),
  counter('Rate limits hit', 'Frames of clients that send too much', (row) => row.limited),
  counter('Bus gaps filled', 'Messages read from the database for want of a hint', (row) => row.gaps),
];
