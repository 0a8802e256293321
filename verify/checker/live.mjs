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
 * began. Where the answer to the join said which is the newest, it is what follows that one. Of the newest messages nothing
 * can be said where the stay ended: they may have been on their way. What a resume left to paging is P6's; and what a page
 * brought before a resume that named it need not come again.
 *
 * @param {View} view
 * @param {Stint} stint
 * @returns {Row[]}
 */
export function missedLive(view, stint) {
  const seen = new Set(stint.live.map(({ message }) => message.id));
  const isOpen = stint.end === Infinity && stint.leaving === Infinity;
  const { lastId, resumes } = stint;
  const least = lastId ?? Math.min(Infinity, ...seen);
  const isDue = (/** @type {Row} */ row) => row.id > least || (lastId === undefined && view.sentAt(row) > stint.begin);
  const most = isOpen ? Infinity : Math.max(-Infinity, ...seen);
  const isForPaging = (/** @type {Row} */ { id }) =>
    resumes.some((resume) => !resume.recovered && id > resume.after && id <= resume.lastId);
  const wasNamed = (/** @type {Row} */ { id }) =>
    resumes.some(({ after, join }) => id <= after && wasPaged(view, stint, id, join.at));
  return view
    .rowsOf(stint.room)
    .filter((row) => !seen.has(row.id) && row.id < most && isDue(row) && !isForPaging(row) && !wasNamed(row));
}

/** Whether the client had that message from a page of history by then. @param {View} view @param {Stint} stint @param {number} id @param {number} at */
function wasPaged(view, { client, room }, id, at) {
  return view.events.some(
    (event) =>
      event.kind === 'page' &&
      event.client === client.name &&
      event.room === room &&
      event.at < at &&
      event.messages.some((message) => message.id === id),
  );
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

/**
 * Exactly once on a connection, also when it left the room and came back, unless it asked for it again.
 *
 * @param {View} view
 * @returns {Violation[]}
 */
function checkRepeats(view) {
  /** @type {Map<string, Map<number, import('../history/events.mjs').Seen>>} */
  const places = new Map();
  return view.events.flatMap((event) => {
    if (event.kind !== 'seen' && event.kind !== 'joined') return [];
    const { client, session, room } = event;
    const name = `${client}#${session} ${room}`;
    const seen = places.get(name) ?? new Map();
    places.set(name, seen);
    if (event.kind === 'joined') {
      const resume = view.resumes.get(event);
      if (resume?.recovered) for (const id of seen.keys()) if (id > resume.after) seen.delete(id);
      return [];
    }
    const { message } = event;
    const before = seen.get(message.id);
    seen.set(message.id, event);
    return before ? [violation('P5', `${client} saw message ${message.id} of ${room} twice`, before, event)] : [];
  });
}
