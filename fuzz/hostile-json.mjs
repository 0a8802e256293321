const TYPES = [
  'join_room',
  'leave_room',
  'chat_message',
  'pong',
  'ping',
  'auth_success',
  'new_message',
  'error',
  'history',
  'typing',
];
const NASTY_KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'then',
  'toJSON',
  'hasOwnProperty',
  'length',
  '',
  '\0',
  'type',
  'token',
];
const NASTY_TEXTS = [
  '',
  ' ',
  '\0',
  '\n',
  '\ud800',
  '\udfff',
  '\u202e',
  '\u2028',
  '\ufeff',
  '\u0338',
  '\u212a',
  '<',
  '<b>',
  '<script>alert(1)</script>',
  '&lt;',
  '&#60;',
  "';--",
  '{}',
  '[]',
  'null',
  '__proto__',
  'constructor',
  '💃',
  'é',
  'e\u0301',
  '\u0316'.repeat(40),
  'مرحبا',
  '%00',
  '../..',
  '\\',
  '"',
  '\\u0000',
  '$1',
  '{{x}}',
];
const NUMBERS = [0, -0, 1, -1, 0.5, 1e308, -1e308, 5e-324, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 63, 1e21];
const SLUGS = 200;
const MOST_CHARACTERS = 20_000;

/** Texts for frames, most of which are nearly right. */
export class HostileJson {
  #random;
  #ownToken;

  /** @param {import('../verify/random.mjs').Random} random @param {string} ownToken of the connection's user */
  constructor(random, ownToken) {
    this.#random = random;
    this.#ownToken = ownToken;
  }

  /** @returns {string} of a frame that is not too big, at three bytes a character */
  next() {
    return this.#any().slice(0, MOST_CHARACTERS);
  }

  #any() {
    const roll = this.#random.fraction();
    if (roll < 0.5) return JSON.stringify(this.#message());
    if (roll < 0.7) return this.#damaged(JSON.stringify(this.#message()));
    if (roll < 0.85) return JSON.stringify(this.#value(0));
    if (roll < 0.9) return this.#deep();
    if (roll < 0.95) return `{${this.#duplicateKeys()}}`;
    return this.#text();
  }

  #message() {
    const random = this.#random;
    /** @type {Record<string, unknown>} */
    const message = { type: random.chance(0.9) ? random.pick(TYPES) : this.#value(1) };
    message['roomSlug'] = random.chance(0.8) ? `room-${random.integer(1, SLUGS)}` : this.#value(1);
    if (random.chance(0.7)) message['message'] = random.chance(0.8) ? this.#text() : this.#value(1);
    if (random.chance(0.5)) message['messageId'] = random.chance(0.6) ? `m${random.integer(1, 1_000)}` : this.#value(1);
    if (random.chance(0.02)) Object.assign(message, { type: 'auth', token: this.#ownToken });
    for (let i = random.integer(0, 3); i > 0; i--) message[random.pick(NASTY_KEYS.slice(0, -2))] = this.#value(1);
    if (random.chance(0.1)) delete message[random.pick(Object.keys(message))];
    return message;
  }

  /** @param {number} depth @returns {unknown} */
  #value(depth) {
    const random = this.#random;
    const kind = random.integer(0, depth > 4 ? 4 : 6);
    if (kind === 0) return null;
    if (kind === 1) return random.chance(0.5);
    if (kind === 2) return random.pick(NUMBERS);
    if (kind <= 4) return this.#text();
    const entries = Array.from({ length: random.integer(0, 4) }, () => this.#value(depth + 1));
    return kind === 5 ? entries : Object.fromEntries(entries.map((value) => [random.pick(NASTY_KEYS), value]));
  }

  #text() {
    const random = this.#random;
    let text = '';
    for (let i = random.integer(0, 6); i > 0; i--) {
      text += random.chance(0.7) ? random.pick(NASTY_TEXTS) : String.fromCharCode(random.integer(0, 65_535));
    }
    if (random.chance(0.01)) text = text.repeat(random.integer(1, 1_000)).slice(0, 20_000);
    return text;
  }

  /** @param {string} json */
  #damaged(json) {
    const random = this.#random;
    let text = json;
    for (let i = random.integer(1, 4); i > 0; i--) {
      const at = random.integer(0, text.length);
      const kind = random.integer(0, 3);
      if (kind === 0) text = text.slice(0, at);
      else if (kind === 1) text = text.slice(0, at) + text.slice(at + 1);
      else if (kind === 2)
        text =
          text.slice(0, at) +
          random.pick(['"', '{', '}', '[', ']', ',', ':', '\\', '\0', '1e999', 'x']) +
          text.slice(at);
      else text = text.slice(0, at) + text.slice(random.integer(0, text.length));
    }
    return text;
  }

  #deep() {
    const depth = this.#random.integer(1, 2_000);
    const [open, close] = this.#random.chance(0.5) ? ['[', ']'] : ['{"a":', '}'];
    const nested = open.repeat(depth) + '1' + close.repeat(depth);
    return this.#random.chance(0.5) ? nested : `{"type":"chat_message","roomSlug":"room-1","message":${nested}}`;
  }

  #duplicateKeys() {
    const members = Array.from({ length: this.#random.integer(1, 6) }, () => {
      const key = this.#random.pick(['type', 'roomSlug', 'message', 'messageId', '__proto__']);
      return `${JSON.stringify(key)}:${JSON.stringify(this.#value(3))}`;
    });
    return members.join();
  }
}
