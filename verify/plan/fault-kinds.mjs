/**
 * The faults that a plan is made of. Faults of one lane never overlap: at most one node is down, the database is not
 * stopped twice.
 *
 * @typedef {object} FaultKind
 * @property {'node' | 'redis' | 'database' | 'link'} target also the lane
 * @property {[least: number, most: number]} seconds how long it lasts, without what recovering takes
 * @property {boolean} [everyNode] one node after another, instead of one of them
 */

/** @type {Readonly<Record<string, FaultKind>>} */
export const FAULT_KINDS = {
  /** kill -9; started again after that time. */
  'node-kill': { target: 'node', seconds: [0.3, 4] },
  /** SIGSTOP, SIGCONT. */
  'node-freeze': { target: 'node', seconds: [1, 6] },
  /** SIGTERM; started again once it has ended. */
  'node-roll': { target: 'node', seconds: [0, 1] },
  'roll-all': { target: 'node', seconds: [0, 0.5], everyNode: true },
  'redis-kill': { target: 'redis', seconds: [1, 6] },
  'redis-freeze': { target: 'redis', seconds: [1, 6] },
  'redis-flush': { target: 'redis', seconds: [0, 0] },
  /** An immediate restart: what a crash does. */
  'database-crash': { target: 'database', seconds: [0, 0] },
  /** The same, with a pause before it is started again. */
  'database-away': { target: 'database', seconds: [3.2, 5] },
  /** Every process of it is stopped, and its connections stay. */
  'database-freeze': { target: 'database', seconds: [1, 5] },
  /** All connections of clients to a node are closed … */
  'link-cut': { target: 'link', seconds: [0, 0] },
  /** … or reset. */
  'link-reset': { target: 'link', seconds: [0, 0] },
  /** Nothing passes, and nothing is lost. */
  'link-stall': { target: 'link', seconds: [2, 8] },
  /** Everything passes late and in pieces. */
  'link-slow': { target: 'link', seconds: [2, 6] },
  /** What is sent is lost, and nobody is told; then the connections are reset. */
  'link-blackhole': { target: 'link', seconds: [2, 9] },
};

/** @param {string} name @returns {FaultKind} */
export function faultKind(name) {
  const kind = FAULT_KINDS[name];
  if (!kind) throw new Error(`There is no fault "${name}"; there are ${Object.keys(FAULT_KINDS).join(', ')}`);
  return kind;
}
