import { missedLive } from './live.mjs';
import { some, violation } from './violation.mjs';

/** @typedef {import('./view.mjs').View} View */
/** @typedef {import('./violation.mjs').Violation} Violation */
/** @typedef {import('../history/events.mjs').Row} Row */
/** @typedef {import('../history/events.mjs').HistoryEvent} HistoryEvent */

/**
 * P6: who was away and has caught up, by resuming or through history, misses nothing from the first message it knows to
 * the last.
 *
 * @param {View} view
 * @returns {Violation[]}
 */
export function checkCatchUp(view) {
  return [...checkPages(view), ...knowledge(view).flatMap((known) => checkHoles(view, known))];
}

/** A page begins after what was asked for: no repeats. @param {View} view @returns {Violation[]} */
function checkPages(view) {
  return view.events.flatMap((event) => {
    if (event.kind !== 'page') return [];
    const repeated = event.messages.find(({ id }) => id <= event.after);
    const text = `The page of ${event.room} after ${event.after} has message ${repeated?.id}`;
    return repeated ? [violation('P6', text, event)] : [];
  });
}

/**
 * What one client knows of one room over all its connections.
 *
 * @typedef {object} Knowledge
 * @property {string} client
 * @property {string} room
 * @property {Map<number, number>} ids when it first knew each
 * @property {HistoryEvent[]} catchUps
 *
 * @param {View} view
 * @returns {Knowledge[]}
 */
function knowledge(view) {
  /** @type {Map<string, Knowledge>} */
  const all = new Map();
  for (const event of view.events) {
    if (event.kind !== 'seen' && event.kind !== 'page' && event.kind !== 'caught_up') continue;
    const { client, room } = event;
    const name = `${client} ${room}`;
    /** @type {Knowledge} */
    const known = all.get(name) ?? { client, room, ids: new Map(), catchUps: [] };
    all.set(name, known);
    const messages = event.kind === 'seen' ? [event.message] : event.kind === 'page' ? event.messages : [];
    for (const { id } of messages) if (!known.ids.has(id)) known.ids.set(id, event.at);
    if (event.kind === 'caught_up') known.catchUps.push(event);
  }
  return [...all.values()];
}

/** @param {View} view @param {Knowledge} known @returns {Violation[]} */
function checkHoles(view, known) {
  const { client, room, ids, catchUps } = known;
  const stints = view.stints.filter((stint) => stint.client.name === client && stint.room === room);
  // Missed while connected is P5's.
  const missedIds = new Set(stints.flatMap((stint) => missedLive(view, stint)).map(({ id }) => id));
  const first = Math.min(Infinity, ...ids.keys());
  const rows = view.rowsOf(room).filter(({ id }) => id >= first && !missedIds.has(id));

  for (const event of catchUps) {
    const known = [...ids].filter(([, at]) => at <= event.at).map(([id]) => id);
    const knew = new Set(known);
    const last = Math.max(-Infinity, ...known);
    const missing = rows.filter(({ id }) => id < last && !knew.has(id));
    if (missing.length > 0) {
      const text = `${client} had caught up with ${room} to ${last} and knew nothing of ${some(missing.map(({ id }) => id))}`;
      return [violation('P6', text, event, ...missing.slice(0, 1))];
    }
  }
  const open = stints.find((stint) => stint.begin < Infinity && stint.leaving === Infinity);
  const missing = rows.filter(({ id }) => !ids.has(id));
  if (!open || missing.length === 0) return [];
  const text = `${client} is in ${room} at the end and never learned of ${some(missing.map(({ id }) => id))}`;
  return [violation('P6', text, ...missing.slice(0, 1))];
}
