/**
 * @typedef {object} OutgoingMessage
 * @property {string} room
 * @property {string} slug the messageId
 * @property {string} text
 * @property {number} sentAt of its last try
 * @property {number} [retryAt] when it was refused, and is to be tried again
 */

/** Answers that are kept to ask for once more. */
const REMEMBERED = 20;

/** What a client has sent, until it knows how that ended; and what was acknowledged lately. */
export class Outbox {
  /** In the order in which they were first sent. @type {Map<string, OutgoingMessage>} */
  #pending = new Map();
  /** Where each message went, for answers that name only the message. @type {Map<string, string>} */
  #rooms = new Map();
  /** @type {OutgoingMessage[]} */
  #acknowledged = [];

  get size() {
    return this.#pending.size;
  }

  /** @param {OutgoingMessage} message */
  add(message) {
    this.#pending.set(message.slug, message);
    this.#rooms.set(message.slug, message.room);
  }

  /** @param {string} slug */
  acknowledged(slug) {
    const message = this.#pending.get(slug);
    this.#pending.delete(slug);
    if (!message) return;
    this.#acknowledged.push(message);
    if (this.#acknowledged.length > REMEMBERED) this.#acknowledged.shift();
  }

  /**
   * @param {string} slug
   * @param {number | undefined} retryAt undefined: given up
   * @returns {string | undefined} its room; undefined for a message that was never sent
   */
  refused(slug, retryAt) {
    const message = this.#pending.get(slug);
    if (message && retryAt !== undefined) message.retryAt = retryAt;
    else this.#pending.delete(slug);
    return this.#rooms.get(slug);
  }

  /** Those of a room that are due again. @param {string} room @param {number} now @param {number} answerMs @returns {OutgoingMessage[]} */
  due(room, now, answerMs) {
    return [...this.#pending.values()].filter(
      (message) => message.room === room && now >= (message.retryAt ?? message.sentAt + answerMs),
    );
  }

  /** Those of a room whose outcome is unknown after a lost connection. @param {string} room */
  unknown(room) {
    return [...this.#pending.values()].filter((message) => message.room === room && message.retryAt === undefined);
  }

  /** @param {(room: string) => boolean} isIn @returns {OutgoingMessage | undefined} the oldest that is not settled, of these rooms */
  oldest(isIn) {
    return [...this.#pending.values()].find(({ room }) => isIn(room));
  }

  /** @param {import('../random.mjs').Random} random @param {(room: string) => boolean} isIn @returns {OutgoingMessage | undefined} */
  anyAcknowledged(random, isIn) {
    const known = this.#acknowledged.filter(({ room }) => isIn(room));
    return known.length > 0 ? random.pick(known) : undefined;
  }
}
