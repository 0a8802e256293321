import type { NodeView, Overview, SampleView } from '../../src/admin/overview.js';
import { WINDOW_MS } from '../../src/admin/time-slots.js';

/** How far an answer reaches back into what is known: other nodes' samples may come a moment late. */
const OVERLAP_MS = 30_000;

/** @returns from when on the next answer should tell; undefined: everything */
export function sinceOf(known: Overview | undefined): number | undefined {
  // Nodes that do not hear one another each know only themselves: the next answer may be another one's.
  return known?.isWhole ? known.now - OVERLAP_MS : undefined;
}

/** What was known, with what the answer adds. */
export function merged(known: Overview | undefined, answer: Overview): Overview {
  const before = new Map(known?.nodes.map((node) => [node.id, node.samples]));
  const nodes = answer.nodes.map((node): NodeView => ({ ...node, samples: joined(before.get(node.id), node.samples) }));
  return { ...answer, nodes };
}

function joined(before: readonly SampleView[] = [], added: readonly SampleView[]): SampleView[] {
  const bySlot = new Map([...before, ...added].map((sample) => [sample.at, sample]));
  const all = [...bySlot.values()].sort((a, b) => a.at - b.at);
  // Later than the newest of the answer is what was sampled before a clock was set back.
  const end = added.at(-1)?.at ?? all.at(-1)?.at ?? 0;
  return all.filter(({ at }) => at <= end && at > end - WINDOW_MS);
}
