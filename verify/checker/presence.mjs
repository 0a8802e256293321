import { absences } from './availability.mjs';
import { violation } from './violation.mjs';

/** @typedef {import('./view.mjs').View} View */
/** @typedef {import('./view.mjs').Stint} Stint */
/** @typedef {import('./violation.mjs').Violation} Violation */

/** How long a user may count as there after a connection of theirs was lost, whatever happened to it. */
const AFTERGLOW_MS = 30_000;
/** How long after Redis was hurt a node may open a room without knowing whom the others have in it. */
const DEAF_MS = 3_000;

/**
 * P8: who is there becomes true. Counts that are due equal the number of distinct users; what an observer is told of
 * another user alternates, and its last word is the truth.
 *
 * @param {View} view
 * @returns {Violation[]}
 */
export function checkPresence(view) {
  return [...checkCounts(view), ...view.stints.flatMap((stint) => checkNotices(view, stint))];
}

/** @param {View} view @returns {Violation[]} */
function checkCounts(view) {
  return view.events.flatMap((event) => {
    if (event.kind !== 'census') return [];
    const users = view.occupants(event.room, event.at);
    if (event.userCount === users.size) return [];
    const by = event.source === 'stats' ? 'its stats' : 'room_joined';
    const text = `Node ${event.node} says by ${by} that ${event.userCount} users are in ${event.room}; they are ${users.size}`;
    return [violation('P8', text, event, { users: [...users].sort((a, b) => a - b) })];
  });
}

/** @param {View} view @param {Stint} stint @returns {Violation[]} */
function checkNotices(view, stint) {
  const { client, room, notices } = stint;
  /** @type {Violation[]} */
  const found = [];
  /** @type {Map<number, import('../history/events.mjs').Notice>} */
  const latest = new Map();
  for (const notice of notices) {
    const before = latest.get(notice.user);
    if (notice.user === client.user) {
      found.push(violation('P8', `${client.name} was told ${notice.kind} of its own user in ${room}`, notice));
    } else if (before?.kind === notice.kind) {
      const text = `${client.name} was told ${notice.kind} of user ${notice.user} in ${room} twice running`;
      found.push(violation('P8', text, before, notice));
    }
    latest.set(notice.user, notice);
  }
  const isOpen = stint.begin < Infinity && stint.leaving === Infinity;
  return isOpen ? [...found, ...checkLastWord(view, stint, latest)] : found;
}

/** @param {View} view @param {Stint} stint @param {Map<number, import('../history/events.mjs').Notice>} latest @returns {Violation[]} */
function checkLastWord(view, stint, latest) {
  const { client, room } = stint;
  const present = view.occupants(room, view.endsAt);
  const users = new Set(view.setup.clients.map(({ user }) => user));
  users.delete(client.user);
  return [...users].flatMap((user) => {
    const isThere = present.has(user);
    const notice = latest.get(user);
    const believed = notice ? notice.kind === 'user_joined' : presenceAt(view, stint, user);
    if (believed === undefined || believed === isThere) return [];
    const told = notice ? 'the last it was told' : 'it was told nothing';
    const text = `User ${user} is ${isThere ? '' : 'not '}in ${room} at the end, but ${client.name} cannot know: ${told}`;
    return [violation('P8', text, notice ?? { stint: { ...stint, client: client.name, live: [], notices: [] } })];
  });
}

/** Whether an observer was told at its join that a user was there; undefined where that is not certain. @param {View} view @param {Stint} observer @param {number} user */
function presenceAt(view, observer, user) {
  const stints = view.stints.filter(({ room, client }) => room === observer.room && client.user === user);
  if (stints.some((stint) => coveredJoinOf(observer, stint))) return knewEverybody(view, observer) || undefined;
  const wasNear = stints.some(({ asked, end }) => asked < observer.begin && end > observer.asked - AFTERGLOW_MS);
  return wasNear ? undefined : false;
}

/** @param {Stint} observer @param {Stint} stint */
function coveredJoinOf(observer, { begin, leaving }) {
  return begin < observer.asked && leaving > observer.begin;
}

/**
 * Whether the answer to the observer's join counted all who were certainly there. After a fault a node may know a room only
 * in part for some seconds, and a count does not say whom it leaves out.
 *
 * @param {View} view @param {Stint} observer
 */
function knewEverybody(view, observer) {
  const isDeaf = absences(view).some(
    ({ target, begin, end }) => target === 'redis' && begin < observer.begin && end > observer.asked - DEAF_MS,
  );
  if (isDeaf) return false;
  const others = view.stints.filter((stint) => stint.room === observer.room && coveredJoinOf(observer, stint));
  return observer.userCount >= new Set([...others.map(({ client }) => client.user), observer.client.user]).size;
}
