/**
 * A promise that the history shows to be broken.
 *
 * @typedef {object} Violation
 * @property {string} promise P1 to P10, or the clause that is broken
 * @property {string} text one sentence
 * @property {object[]} evidence the events and rows that prove it
 */

/** @param {string} promise @param {string} text @param {(object | undefined)[]} evidence @returns {Violation} */
export function violation(promise, text, ...evidence) {
  return { promise, text, evidence: evidence.filter((item) => item !== undefined) };
}

/** Of a long list enough to go by. @param {readonly unknown[]} values */
export function some(values) {
  const shown = values.slice(0, 5).join(', ');
  return values.length > 5 ? `${shown} and ${values.length - 5} more` : shown;
}

/** Of a page only the message that it is about. @param {import('./view.mjs').Sighting} sighting @returns {object} */
export function evidenceOf({ event, message }) {
  return event.kind === 'page' ? { ...event, messages: [message] } : event;
}
