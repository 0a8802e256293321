import { some, violation } from './violation.mjs';

/** @typedef {import('./view.mjs').View} View */
/** @typedef {import('./view.mjs').Stint} Stint */
/** @typedef {import('./violation.mjs').Violation} Violation */
/** @typedef {import('../history/events.mjs').Row} Row */

/**
 * P5: a member who stays connected sees every message of the room exactly once.
 *
 * @param {View} view
 * @returns {Violation[]}
 */
export function checkLive(view) {
  return [...checkRepeats(view), ...view.stints.flatMap((stint) => checkHoles(view, stint))];
}

/**
 * What was not seen live during a stay, though it had to be: between what was seen, and what was sent after the stay
 * began. Of the newest messages nothing can be said where the stay ended: they may have been on their way.
 *
 * @param {View} view
 * @param {Stint} stint
 * @returns {Row[]}
 */
export function missedLive(view, stint) {
  const seen = new Set(stint.live.map(({ message }) => message.id));
  const isOpen = stint.end === Infinity && stint.leaving === Infinity;
  const least = Math.min(Infinity, ...seen);
  const most = isOpen ? Infinity : Math.max(-Infinity, ...seen);
  return view
    .rowsOf(stint.room)
    .filter((row) => !seen.has(row.id) && row.id < most && (row.id > least || view.sentAt(row) > stint.begin));
}

/** @param {View} view @param {Stint} stint @returns {Violation[]} */
function checkHoles(view, stint) {
  const missed = missedLive(view, stint);
  if (missed.length === 0) return [];
  const { client, session, room } = stint;
  const ids = some(missed.map(({ id }) => id));
  const text = `${client.name} stayed in ${room} (connection ${session}) and did not see ${ids}`;
  const [first] = missed;
  const before = stint.live.findLast(({ message }) => first !== undefined && message.id < first.id);
  const after = stint.live.find(({ message }) => first !== undefined && message.id > first.id);
  return [violation('P5', text, first, before, after)];
}

/** Exactly once on a connection, also when it left the room and came back. @param {View} view @returns {Violation[]} */
function checkRepeats(view) {
  /** @type {Map<string, import('../history/events.mjs').Seen>} */
  const seen = new Map();
  return view.events.flatMap((event) => {
    if (event.kind !== 'seen') return [];
    const { client, session, room, message } = event;
    const name = `${client}#${session} ${room} ${message.id}`;
    const before = seen.get(name);
    seen.set(name, event);
    return before ? [violation('P5', `${client} saw message ${message.id} of ${room} twice`, before, event)] : [];
  });
}
