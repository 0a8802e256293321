import type { NodeSample } from './node-sample.js';
import { WINDOW_MS } from './time-slots.js';

/** The samples of one node, of the last 15 minutes before its newest. */
export class SampleHistory {
  private readonly bySlot = new Map<number, NodeSample>();

  /**
   * @param samples in the order in which they were taken. Those known are repeated without harm, and what was missed in
   *   between finds its place; what is later than the newest of these is of a clock that was set back since.
   */
  add(samples: readonly NodeSample[]): void {
    const newest = samples.at(-1);
    if (!newest) return;
    for (const sample of samples) this.bySlot.set(sample.at, sample);
    for (const at of this.bySlot.keys()) {
      if (at > newest.at || at <= newest.at - WINDOW_MS) this.bySlot.delete(at);
    }
  }

  /** The samples after `at`, oldest first. */
  since(at = -Infinity): NodeSample[] {
    return [...this.bySlot.values()].filter((sample) => sample.at > at).sort((a, b) => a.at - b.at);
  }
}
