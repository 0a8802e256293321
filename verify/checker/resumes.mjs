import { some, violation } from './violation.mjs';

/** @typedef {import('./view.mjs').View} View */
/** @typedef {import('./view.mjs').Stint} Stint */
/** @typedef {import('./view.mjs').Resume} Resume */
/** @typedef {import('./violation.mjs').Violation} Violation */

/**
 * P6 of those who resume (RES-1): `lastId` is the room's newest id; with `recovered: true` all between `after` and it
 * follows, and without nothing up to it. What follows `lastId` is P5's, and the order P4's.
 *
 * @param {View} view
 * @returns {Violation[]}
 */
export function checkResumes(view) {
  return view.stints.flatMap((stint) =>
    stint.resumes.flatMap((resume) => [
      ...checkLastId(view, resume),
      ...checkUnasked(resume),
      ...checkHole(view, stint, resume),
    ]),
  );
}

/** @param {View} view @param {Resume} resume @returns {Violation[]} */
function checkLastId(view, { join, joined, lastId }) {
  const rows = view.rowsOf(joined.room);
  const what = `${joined.client} was told that ${lastId} was the newest of ${joined.room}`;
  const newer = rows.find((row) => {
    const [ack] = view.message(row.room, row.user, row.slug).acks;
    return row.id > lastId && ack !== undefined && ack.at < join.at;
  });
  if (newer) return [violation('P6', `${what}, and ${newer.id} was acknowledged before it asked`, join, joined, newer)];
  const later = rows.find((row) => row.id <= lastId && view.sentAt(row) > joined.at);
  if (later) return [violation('P6', `${what}, and ${later.id} was yet to be sent`, join, joined, later)];
  // One that was refused in bad times may have been there for a moment, until the server took it back (P2).
  const mayBeGone = view.refusedIn(joined.room, joined.at);
  const isOne = lastId === 0 || mayBeGone || rows.some(({ id }) => id === lastId);
  return isOne ? [] : [violation('P6', `${what}, and there was no such message`, join, joined)];
}

/** @param {Resume} resume @returns {Violation[]} */
function checkUnasked({ join, joined, after, lastId, recovered, early, live }) {
  const from = recovered ? after : lastId;
  const unasked = early ?? live.find(({ message }) => message.id <= from);
  if (!unasked) return [];
  const when = early ? 'before it was answered' : recovered ? 'again' : 'though it was told to page through history';
  const text = `${joined.client} resumed ${joined.room} after ${after} and got ${unasked.message.id} ${when}`;
  return [violation('P6', text, join, joined, unasked)];
}

/** Where the stay ended, the last ones may have been on their way. @param {View} view @param {Stint} stint @param {Resume} resume @returns {Violation[]} */
function checkHole(view, stint, resume) {
  const { join, joined, after, lastId, recovered, live } = resume;
  if (!recovered) return [];
  const seen = new Set(live.map(({ message }) => message.id));
  const isOpen = stint.leaving === Infinity && stint.resumes.at(-1) === resume;
  const most = isOpen ? Infinity : Math.max(-Infinity, ...seen);
  const missing = view
    .rowsOf(stint.room)
    .filter(({ id }) => id > after && id <= lastId && id < most && !seen.has(id))
    .map(({ id }) => id);
  if (missing.length === 0) return [];
  const text = `${joined.client} resumed ${joined.room} after ${after}, was told it got all up to ${lastId}, and did not get ${some(missing)}`;
  return [violation('P6', text, join, joined, live[0])];
}
