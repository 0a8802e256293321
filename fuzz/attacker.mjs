import { Buffer } from 'node:buffer';
import { signToken } from '../verify/clients/tokens.mjs';
import { BareClient } from './bare-client.mjs';
import { SECRET } from './fuzzed-server.mjs';
import { HostileFrames } from './hostile-frames.mjs';
import { HostileJson } from './hostile-json.mjs';

/** How the server may end a connection that was hostile to it; 1005 stands for no code. */
const FITTING_CODES = new Set([1000, 1001, 1002, 1003, 1005, 1007, 1008, 1009, 4401]);
const FAILED_AUTH = 4401;

/** One user who does nothing right, on one connection after another. */
export class Attacker {
  #random;
  #port;
  #token;
  #frames;
  #rounds = 0;

  /**
   * @param {import('../verify/random.mjs').Random} random
   * @param {{ port: number, userId: number }} target
   */
  constructor(random, { port, userId }) {
    this.#random = random;
    this.#port = port;
    this.#token = signToken(SECRET, userId);
    this.#frames = new HostileFrames(random, new HostileJson(random, this.#token));
  }

  /**
   * Attacks until there are no frames left.
   *
   * @param {(wanted: number) => number} draw gives as many frames as may still be sent, 0 at the end
   * @throws Error for whatever the server must not do
   */
  async attack(draw) {
    for (let isMore = true; isMore;) isMore = await this.#connection(draw);
  }

  /** @param {(wanted: number) => number} draw @returns {Promise<boolean>} whether frames may be left */
  async #connection(draw) {
    const client = new BareClient(this.#port);
    try {
      const isStranger = this.#random.chance(0.15);
      if (!isStranger) await this.#authenticate(client);
      for (let i = this.#random.integer(1, 12); i > 0; i--) {
        const count = draw(this.#random.integer(20, 150));
        if (count === 0) return false;
        client.write(Buffer.concat(Array.from({ length: count }, () => this.#frames.survivable())));
        await this.#authenticate(client);
        await this.#barrier(client);
        if (client.isOver) break;
      }
      if (!client.isOver) await this.#finish(client);
      return true;
    } finally {
      client.end();
    }
  }

  /** @param {BareClient} client */
  async #authenticate(client) {
    client.send({ type: 'auth', token: this.#token });
    await this.#expect(client, ({ type }) => type === 'auth_success');
  }

  /** Whatever was sent before is dealt with when this is answered. @param {BareClient} client */
  async #barrier(client) {
    const roomSlug = `barrier-${(this.#rounds += 1)}`;
    client.send({ type: 'leave_room', roomSlug });
    await this.#expect(client, (frame) => frame['type'] === 'room_left' && frame['roomSlug'] === roomSlug);
    client.take();
  }

  /**
   * @param {BareClient} client
   * @param {(frame: import('./bare-client.mjs').Frame) => boolean} isWanted
   */
  async #expect(client, isWanted) {
    const came = await client.until(isWanted);
    // A damaged `auth` may still be one, of a token that is not good.
    if (!came && client.closeCode !== FAILED_AUTH)
      throw new Error(`ended with ${client.closeCode ?? 'no close frame'}`);
  }

  /** @param {BareClient} client */
  async #finish(client) {
    const roll = this.#random.fraction();
    if (roll < 0.2) return;
    if (roll < 0.4) {
      client.write(this.#frames.noise());
      return;
    }
    client.write(this.#frames.fatal());
    await client.until(() => false);
    if (!FITTING_CODES.has(client.closeCode ?? 0) && !isClientCode(client.closeCode)) {
      throw new Error(`a violation ended with ${client.closeCode ?? 'no close frame'}`);
    }
  }
}

/** A client's own close code is given back. @param {number | undefined} code */
function isClientCode(code) {
  return code !== undefined && ((code >= 1000 && code <= 1014) || (code >= 3000 && code <= 4999));
}
