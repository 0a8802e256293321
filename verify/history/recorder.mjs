import { performance } from 'node:perf_hooks';

/** @typedef {import('./events.mjs').HistoryEvent} HistoryEvent */
/** @typedef {import('./events.mjs').Untimed} Untimed */

/** Everything that happens in a run, in one order: the clock and the event loop are those of the one driving process. */
export class Recorder {
  /** @type {HistoryEvent[]} */
  events = [];
  /** @type {import('./events.mjs').Row[]} */
  rows = [];

  #start = performance.now();

  /** @param {import('./events.mjs').Setup} setup */
  constructor(setup) {
    this.setup = setup;
  }

  /** Milliseconds since the run began, to the microsecond. */
  now() {
    return Math.round((performance.now() - this.#start) * 1_000) / 1_000;
  }

  /** @param {Untimed} event */
  record(event) {
    this.events.push(/** @type {HistoryEvent} */ ({ at: this.now(), ...event }));
  }
}
