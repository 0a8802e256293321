import { firstOpenTry } from './refused.mjs';
import { evidenceOf, violation } from './violation.mjs';

/** @typedef {import('./view.mjs').View} View */
/** @typedef {import('./violation.mjs').Violation} Violation */
/** @typedef {import('../history/events.mjs').Row} Row */

/**
 * P4: one order per room, the same for all members, which is that of the ids; a sender's messages keep theirs.
 *
 * @param {View} view
 * @returns {Violation[]}
 */
export function checkOrder(view) {
  return [...checkLive(view), ...checkPages(view), ...checkIdentity(view), ...checkSenders(view)];
}

/**
 * Ids only rise within a connection, but where it resumed. One that comes a second time is P5's.
 *
 * @param {View} view
 * @returns {Violation[]}
 */
function checkLive(view) {
  /** @type {Violation[]} */
  const found = [];
  /** @type {Map<string, { seen: Set<number>, last: import('../history/events.mjs').Seen | undefined }>} */
  const places = new Map();
  for (const event of view.events) {
    if (event.kind !== 'seen' && event.kind !== 'joined') continue;
    const name = `${event.client}#${event.session} ${event.room}`;
    if (event.kind === 'joined') {
      if (view.resumes.get(event)?.recovered) places.delete(name);
      continue;
    }
    const place = places.get(name) ?? { seen: new Set(), last: undefined };
    places.set(name, place);
    const { id } = event.message;
    if (place.seen.has(id)) continue;
    place.seen.add(id);
    if (place.last && id < place.last.message.id) {
      const text = `${event.client} saw message ${id} of ${event.room} after ${place.last.message.id}`;
      found.push(violation('P4', text, place.last, event));
    } else {
      place.last = event;
    }
  }
  return found;
}

/** @param {View} view @returns {Violation[]} */
function checkPages(view) {
  return view.events.flatMap((event) => {
    if (event.kind !== 'page') return [];
    const isRising = event.messages.every(({ id }, i) => i === 0 || id > (event.messages[i - 1]?.id ?? 0));
    return isRising ? [] : [violation('P4', `A page of ${event.room} is not in the order of its ids`, event)];
  });
}

/** Everybody who sees a message sees the same one under the same id. @param {View} view @returns {Violation[]} */
function checkIdentity(view) {
  return [...view.messages.values()].flatMap((message) => {
    const { room, slug, rows } = message;
    const [row] = rows;
    // What was seen of a try that was refused is P2's.
    const tryAt = message.refusals.length > 0 ? firstOpenTry(message) : -Infinity;
    const sightings = message.sightings.filter(({ event }) => event.at >= tryAt);
    // Not stored is P1's or P2's, stored twice P1's or P3's.
    if (!row || rows.length > 1) return [];
    const other = sightings.find((sighting) => sighting.message.id !== row.id);
    const changed = sightings.find((sighting) => sighting.message.text !== row.text);
    return [
      ...(other
        ? [violation('P4', `Message ${slug} of ${room} has another id than is stored`, evidenceOf(other), row)]
        : []),
      ...(changed
        ? [
            violation(
              'P5',
              `Message ${slug} of ${room} was seen with another text than is stored`,
              evidenceOf(changed),
              row,
            ),
          ]
        : []),
    ];
  });
}

/** Messages that went out once, on one connection, into one room. @param {View} view @returns {Violation[]} */
function checkSenders(view) {
  /** @type {Violation[]} */
  const found = [];
  /** @type {Map<string, { send: import('../history/events.mjs').Send, row: Row }>} */
  const latest = new Map();
  for (const send of view.events) {
    if (send.kind !== 'send') continue;
    const { user } = view.client(send.client);
    const { sends, rows } = view.message(send.room, user, send.slug);
    const [row] = rows;
    if (sends.length !== 1 || rows.length !== 1 || !row) continue;
    const name = `${send.client}#${send.session} ${send.room}`;
    const before = latest.get(name);
    if (before && row.id < before.row.id) {
      const text = `${send.client} sent ${before.send.slug} before ${send.slug}, and ${send.room} has them the other way round`;
      found.push(violation('P4', text, before.send, send, before.row, row));
    }
    latest.set(name, { send, row });
  }
  return found;
}
