import { FAULT_KINDS, faultKind } from './fault-kinds.mjs';

/**
 * @typedef {object} PlannedFault
 * @property {number} at milliseconds after the load began
 * @property {string} name
 * @property {number | undefined} node where it is one node's
 * @property {number} duration milliseconds
 */

/** Clients arrive first. */
const FIRST_MS = 5_000;
/** What starting a node takes, about. */
const START_MS = 2_500;
/** Of the faults so many begin only when all others are over. */
const ALONE = 0.35;
const MEAN_GAP_MS = 1_500;
const LEAST_GAP_MS = 400;

/**
 * Faults alone and overlapping, every kind once before any comes again.
 *
 * @param {import('../random.mjs').Random} random
 * @param {object} options
 * @param {number} options.milliseconds the last fault is over by then
 * @param {number} options.nodes
 * @param {boolean} options.hasRedis
 * @param {boolean} options.isMixed whether several nodes may be down at once
 * @param {string[]} [options.only] kinds to choose from
 * @returns {PlannedFault[]} by time
 */
export function planFaults(random, { milliseconds, nodes, hasRedis, isMixed, only = [] }) {
  only.forEach(faultKind);
  const names = Object.keys(FAULT_KINDS).filter(
    (name) => (only.length === 0 || only.includes(name)) && (hasRedis || faultKind(name).target !== 'redis'),
  );
  /** @type {PlannedFault[]} */
  const plan = [];
  /** When the last fault of each lane is over. @type {Map<string, number>} */
  const free = new Map();
  let at = FIRST_MS;
  /** @type {string[]} */
  let bag = [];
  while (names.length > 0) {
    if (bag.length === 0) bag = random.shuffled(names);
    const name = /** @type {string} */ (bag.pop());
    const { target, seconds, everyNode = false } = faultKind(name);
    const node = random.integer(0, nodes - 1);
    const lane = isMixed && target === 'node' ? `node ${node}` : target;
    const duration = Math.round(random.between(...seconds) * 1_000);
    const recovery = target === 'node' ? START_MS * (everyNode ? nodes : 1) : 0;
    at = Math.max(at, random.chance(ALONE) ? Math.max(0, ...free.values()) : (free.get(lane) ?? 0));
    const end = at + duration + recovery;
    if (end > milliseconds) break;
    plan.push({ at: Math.round(at), name, node: needsNode(name) ? node : undefined, duration });
    free.set(lane, end + LEAST_GAP_MS);
    at += LEAST_GAP_MS + random.exponential(MEAN_GAP_MS);
  }
  return plan;
}

/** @param {string} name */
function needsNode(name) {
  const { target, everyNode = false } = faultKind(name);
  return !everyNode && (target === 'node' || target === 'link');
}

/** @param {PlannedFault} fault */
export function describeFault({ at, name, node, duration }) {
  const where = node === undefined ? '' : ` ${node}`;
  const length = duration === 0 ? '' : ` for ${(duration / 1_000).toFixed(1)} s`;
  return `${(at / 1_000).toFixed(1).padStart(7)} s  ${name}${where}${length}`;
}
