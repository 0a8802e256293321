import { percentile } from '../../src/admin/ack-percentile.js';
import type { NodeView, Overview, SampleView } from '../../src/admin/overview.js';
import { SLOT_MS, WINDOW_MS } from '../../src/admin/time-slots.js';

export const BYTES_A_MB = 1_048_576;

/** What several nodes saw in one slot; what none of them tells of is null. */
export interface Row {
  readonly at: number;
  readonly connections: number | null;
  readonly authenticated: number | null;
  readonly rooms: number | null;
  readonly messages: number | null;
  readonly deliveries: number | null;
  readonly ackP50: number | null;
  readonly ackP99: number | null;
  /** Of the node that lags most. */
  readonly lag: number | null;
  /** 1 MB is 1,048,576 bytes. */
  readonly heapMb: number | null;
  readonly refused: number | null;
  readonly cut: number | null;
  readonly limited: number | null;
  readonly gaps: number | null;
}

/** The last 15 minutes of some nodes together, a row a slot, oldest first. */
export function rowsOf({ ackBoundsMs, nodes }: Overview, isWanted: (node: NodeView) => boolean): Row[] {
  const wanted = nodes.filter(isWanted);
  const end = newestSlot(wanted);
  if (end === undefined) return [];
  const bySlot = new Map<number, SampleView[]>();
  for (const sample of wanted.flatMap(({ samples }) => samples)) {
    bySlot.set(sample.at, [...(bySlot.get(sample.at) ?? []), sample]);
  }
  const slots = Array.from({ length: WINDOW_MS / SLOT_MS }, (_, i) => end - WINDOW_MS + (i + 1) * SLOT_MS);
  return slots.map((at) => rowOf(at, bySlot.get(at) ?? [], ackBoundsMs));
}

/** The newest slot of which every node that reports has told. */
function newestSlot(nodes: readonly NodeView[]): number | undefined {
  const ends = nodes.flatMap(({ samples }) => samples.at(-1)?.at ?? []);
  if (ends.length === 0) return undefined;
  const newest = Math.max(...ends);
  return Math.min(...ends.filter((end) => end >= newest - 2 * SLOT_MS));
}

function rowOf(at: number, samples: readonly SampleView[], bounds: readonly number[]): Row {
  const values = (read: (sample: SampleView) => number) => (samples.length === 0 ? null : samples.map(read));
  const sum = (read: (sample: SampleView) => number) =>
    values(read)?.reduce((total, value) => total + value, 0) ?? null;
  const most = (read: (sample: SampleView) => number) => {
    const all = values(read);
    return all && Math.max(...all);
  };
  // Nodes' percentiles cannot be added up; what they counted can.
  const acks = Array.from({ length: bounds.length + 1 }, (_, i) => sum(({ ackCounts }) => ackCounts[i] ?? 0) ?? 0);
  return {
    at,
    connections: sum((sample) => sample.connections),
    authenticated: sum((sample) => sample.authenticated),
    rooms: most((sample) => sample.rooms),
    messages: sum((sample) => sample.messagesPerSecond),
    deliveries: sum((sample) => sample.deliveriesPerSecond),
    ackP50: percentile(acks, bounds, 0.5),
    ackP99: percentile(acks, bounds, 0.99),
    lag: most((sample) => sample.loopLagMs),
    heapMb: sum((sample) => sample.heapBytes / BYTES_A_MB),
    refused: sum((sample) => sample.messagesRefused),
    cut: sum((sample) => sample.slowClientsCut),
    limited: sum((sample) => sample.rateLimited),
    gaps: sum((sample) => sample.gapsFilled),
  };
}
