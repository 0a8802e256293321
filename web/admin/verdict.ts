import type { NodeView, Overview } from '../../src/admin/overview.js';
import { SLOT_MS } from '../../src/admin/time-slots.js';
import { clock, duration, milliseconds, plural } from './format.js';
import type { Row } from './rows.js';

export interface Finding {
  /** `bad`: people notice. `watch`: they may, soon. */
  readonly level: 'bad' | 'watch';
  readonly text: string;
}

/** A node that has not reported for so long is in trouble: it does so every 5 s. */
const SILENCE_MS = 3.2 * SLOT_MS;
const SLOW_ACK_MS = { watch: 500, bad: 1_500 };
const LAG_MS = { watch: 200, bad: 1_000 };
const HEAP_SHARE = 0.85;
const MINUTE_ROWS = 60_000 / SLOT_MS;
/** In a minute: single ones are every day's business. */
const MANY = 10;

/** What somebody who is woken at night should look at, worst first. Nothing: all is well. */
export function findings(overview: Overview, rows: readonly Row[]): Finding[] {
  const all = [...overview.nodes.flatMap((node) => ofNode(node, overview)), ...ofLastMinute(rows)];
  return all.sort((a, b) => Number(b.level === 'bad') - Number(a.level === 'bad'));
}

function ofNode(node: NodeView, { now, isClustered, nodes }: Overview): Finding[] {
  const name = nodes.length > 1 ? `Node ${node.id}` : 'The server';
  if (node.state === 'lost') return [{ level: 'watch', text: `${name} went silent at ${clock(node.heardAt)}` }];
  const newest = node.samples.at(-1);
  if (node.state !== 'alive' || !newest) return [];
  const found: Finding[] = [];
  const add = (level: Finding['level'], text: string) => found.push({ level, text: `${name} ${text}` });
  if (now - node.heardAt > SILENCE_MS) add('bad', `has not reported for ${duration(now - node.heardAt)}`);
  if (!newest.isDatabaseUp) add('bad', 'cannot reach the database: messages are refused');
  if (isClustered && !newest.isRedisUp)
    add('bad', 'cannot reach Redis: it serves its own clients, other nodes are not heard');
  if (newest.loopLagMs > LAG_MS.watch) {
    add(
      newest.loopLagMs > LAG_MS.bad ? 'bad' : 'watch',
      `is busy: its event loop lags ${milliseconds(newest.loopLagMs)}`,
    );
  }
  if (newest.heapBytes > HEAP_SHARE * node.heapLimitBytes) add('bad', 'is about to run out of memory');
  if (newest.isDraining) add('watch', 'is draining: it sends its clients to other nodes');
  return found;
}

function ofLastMinute(rows: readonly Row[]): Finding[] {
  const minute = rows.slice(-MINUTE_ROWS);
  const sum = (read: (row: Row) => number | null) => minute.reduce((total, row) => total + (read(row) ?? 0), 0);
  const [refused, cut, limited] = [sum((row) => row.refused), sum((row) => row.cut), sum((row) => row.limited)];
  const found: Finding[] = [];
  const slow = rows.at(-1)?.ackP99 ?? 0;
  if (slow > SLOW_ACK_MS.watch) {
    const level = slow > SLOW_ACK_MS.bad ? 'bad' : 'watch';
    found.push({ level, text: `Messages are acknowledged slowly: ${milliseconds(slow)} (p99)` });
  }
  if (refused > 0) found.push({ level: 'bad', text: `${plural(refused, 'message')} refused within a minute` });
  if (cut >= MANY) found.push({ level: 'watch', text: `${plural(cut, 'slow client')} cut within a minute` });
  if (limited >= MANY)
    found.push({ level: 'watch', text: `Rate limits hit ${plural(limited, 'time')} within a minute` });
  return found;
}
