import { Buffer } from 'node:buffer';
import { clientFrame, closeFrame, OPCODE } from './client-frame.mjs';

const { continuation, text, binary, ping, pong } = OPCODE;
/** A longer message than this is one too big. */
const MAX_FRAME_BYTES = 65_536;

/** Frames as bytes: such as a connection survives, and such as end it. */
export class HostileFrames {
  #random;
  #json;

  /** @param {import('../verify/random.mjs').Random} random @param {import('./hostile-json.mjs').HostileJson} json */
  constructor(random, json) {
    this.#random = random;
    this.#json = json;
  }

  /** A message, or a control frame, that is sound as WebSocket frames. @returns {Buffer} */
  survivable() {
    const roll = this.#random.fraction();
    if (roll < 0.85) return clientFrame(text, this.#json.next());
    if (roll < 0.93) return this.#fragments();
    if (roll < 0.96) return clientFrame(binary, this.#bytes(200));
    return clientFrame(this.#random.chance(0.5) ? ping : pong, this.#bytes(125));
  }

  /** What ends the connection. @returns {Buffer} */
  fatal() {
    const random = this.#random;
    const kinds = [
      () => clientFrame(random.integer(3, 7), this.#bytes(50)),
      () => clientFrame(random.integer(11, 15), this.#bytes(50)),
      () => clientFrame(text, '{}', { reserved: random.integer(1, 7) }),
      () => clientFrame(text, '{}', { isMasked: false }),
      () => clientFrame(continuation, '{}'),
      () => clientFrame(ping, this.#bytes(10), { isFinal: false }),
      () => clientFrame(ping, Buffer.alloc(random.integer(126, 1_000))),
      () => clientFrame(text, Buffer.from([0xc0 + random.integer(0, 1), 0x80])),
      () => clientFrame(text, Buffer.alloc(MAX_FRAME_BYTES + 1, 'x')),
      () => clientFrame(text, '', { claims: BigInt(random.integer(MAX_FRAME_BYTES + 1, 2 ** 31)), lengthBits: '64' }),
      () =>
        Buffer.concat([
          clientFrame(text, '', { isFinal: false }),
          ...Array(80).fill(clientFrame(continuation, 'x', { isFinal: false })),
        ]),
      () => closeFrame(random.integer(0, 65_535), this.#bytes(20)),
      () => clientFrame(OPCODE.close, this.#bytes(1)),
      () => clientFrame(text, JSON.stringify({ type: 'auth', token: this.#bytes(40).toString('base64url') })),
    ];
    return random.pick(kinds)();
  }

  /** Any bytes at all: what becomes of the connection is not known. @returns {Buffer} */
  noise() {
    return this.#bytes(400);
  }

  #fragments() {
    const message = Buffer.from(this.#json.next());
    const frames = [];
    let opcode = /** @type {number} */ (text);
    let at = 0;
    for (let i = this.#random.integer(0, 30); i > 0; i--, opcode = continuation) {
      const end = this.#random.integer(at, message.length);
      frames.push(clientFrame(opcode, message.subarray(at, end), { isFinal: false }));
      if (this.#random.chance(0.2)) frames.push(clientFrame(ping, this.#bytes(5)));
      at = end;
    }
    return Buffer.concat([...frames, clientFrame(opcode, message.subarray(at))]);
  }

  /** @param {number} most */
  #bytes(most) {
    return Buffer.from(Array.from({ length: this.#random.integer(0, most) }, () => this.#random.integer(0, 255)));
  }
}
