import { evidenceOf, violation } from './violation.mjs';

/** @typedef {import('./view.mjs').View} View */
/** @typedef {import('./view.mjs').MessageView} MessageView */
/** @typedef {import('./violation.mjs').Violation} Violation */

/**
 * P2: refused means never stored and never seen. A message that was sent several times may be both: each try that was
 * not refused may be the one that stored it.
 *
 * @param {View} view
 * @returns {Violation[]}
 */
export function checkRefused(view) {
  return [...view.messages.values()].filter(({ refusals }) => refusals.length > 0).flatMap(checkMessage);
}

/** @param {MessageView} message @returns {Violation[]} */
function checkMessage(message) {
  const { sends, refusals, rows, sightings } = message;
  const what = `Message ${message.slug} of user ${message.user} in ${message.room}`;
  const tryAt = firstOpenTry(message);
  const [row] = rows;
  if (row && tryAt === Infinity) {
    return [violation('P2', `${what} was refused at every try and is stored`, ...sends, ...refusals, row)];
  }
  const early = sightings.find(({ event }) => event.at < tryAt);
  if (!early) return [];
  const text = tryAt === Infinity ? 'and was seen' : 'and was seen before it was tried again';
  return [violation('P2', `${what} was refused ${text}`, ...sends, ...refusals, evidenceOf(early))];
}

/**
 * When the first try went out that may not have been refused; Infinity when all were. Which of several tries on a connection
 * a refusal is the answer to is unknown, but it is one that went out before: the server gets the benefit of the doubt.
 *
 * @param {MessageView} message
 */
export function firstOpenTry({ sends, refusals }) {
  const open = sends.filter((send) => {
    const isSame = (/** @type {{ client: string, session: number }} */ other) =>
      other.client === send.client && other.session === send.session;
    const others = sends.filter((other) => other !== send && isSame(other));
    return refusals.filter(isSame).every(({ at }, i) => others.filter((other) => other.at < at).length > i);
  });
  return Math.min(Infinity, ...open.map(({ at }) => at));
}
