import { evidenceOf, violation } from './violation.mjs';

/** @typedef {import('./view.mjs').View} View */
/** @typedef {import('./violation.mjs').Violation} Violation */

/**
 * P1: acknowledged means committed, exactly one row with what was sent. And nothing else: what is in the database or was
 * seen has been sent, and what was seen is in the database.
 *
 * @param {View} view
 * @returns {Violation[]}
 */
export function checkAcknowledged(view) {
  return [...view.messages.values()].flatMap(checkMessage);
}

/** @param {import('./view.mjs').MessageView} message @returns {Violation[]} */
function checkMessage(message) {
  const { acks, sends, rows, sightings } = message;
  const [row] = rows;
  const [ack] = acks;
  const [send] = sends;
  const what = `Message ${message.slug} of user ${message.user} in ${message.room}`;
  /** @type {Violation[]} */
  const found = [];
  if (ack && !row) found.push(violation('P1', `${what} was acknowledged and is not stored`, send, ack));
  // Sent several times, this is P3's.
  if (rows.length > 1 && sends.length < 2) {
    found.push(violation('P1', `${what} was sent once and is stored ${rows.length} times`, send, ack, ...rows));
  }
  if (row && !send) found.push(violation('P1', `${what} is stored and nobody sent it`, row));
  if (row && send && row.text !== send.text) {
    found.push(violation('P1', `${what} is stored with another text than was sent`, send, row));
  }
  if (row && ack && row.createdAt !== ack.timestamp) {
    found.push(violation('P1', `${what} was acknowledged with another time than is stored`, ack, row));
  }
  const [sighting] = sightings;
  // Refused at every try, this is P2's.
  if (sighting && !row && !isRefused(message)) {
    const text = send ? 'was seen and is not stored' : 'was seen and nobody sent it';
    found.push(violation('P1', `${what} ${text}`, send, evidenceOf(sighting)));
  }
  return found;
}

/** @param {import('./view.mjs').MessageView} message */
function isRefused({ sends, refusals }) {
  return sends.length > 0 && refusals.length >= sends.length;
}
