import { violation } from './violation.mjs';

/** @typedef {import('./view.mjs').View} View */
/** @typedef {import('./violation.mjs').Violation} Violation */
/** @typedef {import('../history/events.mjs').Send} Send */

/** Shorter absences prove nothing. */
const LONG_MS = 3_000;
/** 2 s are promised; the rest is for the driver and a busy machine. */
const REFUSED_WITHIN_MS = 4_000;
/** After another fault at the same node it may still be catching its breath. */
const SETTLE_MS = 2_000;
/** Time for an acknowledgement to come before the fault ends. */
const ACK_MS = 1_500;
const ENOUGH_SENDS = 3;

/**
 * P9 and P10: what still works while Redis or the database is away; and that no node ends by itself, and everybody is
 * back in service when all is well again.
 *
 * @param {View} view
 * @returns {Violation[]}
 */
export function checkAvailability(view) {
  const faults = absences(view);
  return [
    ...faults.filter(({ target }) => target === 'redis').flatMap((fault) => checkWithoutRedis(view, faults, fault)),
    ...faults
      .filter(({ target }) => target === 'database')
      .flatMap((fault) => checkWithoutDatabase(view, faults, fault)),
    ...checkExits(view, faults),
    ...checkSettled(view),
  ];
}

/**
 * @typedef {object} Absence
 * @property {string} name
 * @property {string} target
 * @property {number | undefined} node
 * @property {number} begin
 * @property {number} end
 */

/** @param {View} view @returns {Absence[]} */
export function absences(view) {
  /** @type {Map<number, Absence>} */
  const byId = new Map();
  for (const event of view.events) {
    if (event.kind !== 'fault') continue;
    const { fault, name, target, node, at } = event;
    const known = byId.get(fault);
    if (known) known.end = at;
    else byId.set(fault, { name, target, node, begin: at, end: Infinity });
  }
  return [...byId.values()];
}

/** @param {View} view @param {Absence[]} faults @param {Absence} fault @returns {Violation[]} */
function checkWithoutRedis(view, faults, fault) {
  if (fault.end - fault.begin < LONG_MS) return [];
  /** @type {Violation[]} */
  const found = [];
  for (let node = 0; node < view.setup.nodes; node++) {
    const isOther = (/** @type {Absence} */ other) =>
      other !== fault && (other.target === 'database' || other.node === node);
    if (faults.some((other) => isOther(other) && overlaps(other, fault.begin - SETTLE_MS, fault.end))) continue;
    const sends = sendsOf(view, fault.begin, fault.end - ACK_MS).filter((send) => view.sessionOf(send).node === node);
    const isAcked = sends.some((send) =>
      answersTo(view, send).some((answer) => answer.kind === 'ack' && answer.at < fault.end),
    );
    if (sends.length >= ENOUGH_SENDS && !isAcked) {
      const text = `Node ${node} acknowledged none of ${sends.length} messages while Redis was away (${fault.name})`;
      found.push(violation('P9', text, fault, ...sends.slice(0, ENOUGH_SENDS)));
    }
  }
  return found;
}

/** @param {View} view @param {Absence[]} faults @param {Absence} fault @returns {Violation[]} */
function checkWithoutDatabase(view, faults, fault) {
  if (fault.end - fault.begin < LONG_MS) return [];
  const isDisturbed = (/** @type {number} */ node, /** @type {number} */ from, /** @type {number} */ to) =>
    faults.some((other) => other.node === node && overlaps(other, from - SETTLE_MS, to));
  const late = sendsOf(view, fault.begin, fault.end).filter((send) => {
    const session = view.sessionOf(send);
    const until = send.at + REFUSED_WITHIN_MS;
    const stayed = Math.min(session.closing?.at ?? Infinity, session.end) > until && view.endsAt > until;
    const isAnswered = answersTo(view, send).some(({ at }) => at <= until);
    return session.isAuthenticated && stayed && !isAnswered && !isDisturbed(session.node, send.at, until);
  });
  const lost = view.sessions.filter(({ node, begin, end, closing, closed }) => {
    const isLost = closed !== undefined && closing === undefined && end > fault.begin && end < fault.end;
    return isLost && begin < fault.begin && !isDisturbed(node, end - SETTLE_MS, end);
  });
  const [first] = late;
  const [connection] = lost;
  return [
    ...(first
      ? [
          violation(
            'P10',
            `${late.length} messages had no answer within ${REFUSED_WITHIN_MS} ms while the database was away (${fault.name})`,
            fault,
            first,
          ),
        ]
      : []),
    ...(connection
      ? [
          violation(
            'P10',
            `${lost.length} connections were closed while the database was away (${fault.name})`,
            fault,
            connection.closed,
          ),
        ]
      : []),
  ];
}

/** @param {View} view @param {Absence[]} faults @returns {Violation[]} */
function checkExits(view, faults) {
  return view.events.flatMap((event) => {
    if (event.kind !== 'exit') return [];
    const around = faults.filter((fault) => overlaps(fault, event.at - 10_000, event.at)).map(({ target }) => target);
    const promise = around.includes('database') ? 'P10' : around.includes('redis') ? 'P9' : 'CONN-4';
    return [violation(promise, `Node ${event.node} ended by itself (${event.code ?? event.signal})`, event)];
  });
}

/** @param {View} view @returns {Violation[]} */
function checkSettled(view) {
  return view.events.flatMap((event) =>
    event.kind === 'unsettled'
      ? [
          violation(
            'recovery',
            `${event.client} was not back in service long after the last fault: ${event.why}`,
            event,
          ),
        ]
      : [],
  );
}

/** @param {View} view @param {number} from @param {number} to @returns {Send[]} */
function sendsOf(view, from, to) {
  /** @type {Send[]} */
  const sends = [];
  for (const event of view.events) if (event.kind === 'send' && event.at > from && event.at < to) sends.push(event);
  return sends;
}

/** @param {View} view @param {Send} send */
function answersTo(view, { client, session, room, slug, at }) {
  const { acks, refusals } = view.message(room, view.client(client).user, slug);
  return [...acks, ...refusals].filter(
    (answer) => answer.client === client && answer.session === session && answer.at >= at,
  );
}

/** @param {Absence} absence @param {number} from @param {number} to */
function overlaps({ begin, end }, from, to) {
  return begin <= to && end >= from;
}
