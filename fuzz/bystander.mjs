import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { signToken } from '../verify/clients/tokens.mjs';
import { BareClient } from './bare-client.mjs';
import { SECRET } from './fuzzed-server.mjs';

const PAUSE_MS = 250;
const ROOM = 'bystanders';

/** Somebody who chats with nobody while others attack, and must be served all along. */
export class Bystander {
  #client;
  #said = 0;
  #isDone = false;

  /** @param {{ port: number, userId: number }} target */
  constructor({ port, userId }) {
    this.#client = new BareClient(port);
    this.#client.send({ type: 'auth', token: signToken(SECRET, userId) });
    this.#client.send({ type: 'join_room', roomSlug: ROOM });
  }

  /** Talks until `stop`. @returns {Promise<number>} the longest wait for an acknowledgement, in milliseconds @throws Error when unheard */
  async talk() {
    let longest = 0;
    while (!this.#isDone) {
      const sentAt = performance.now();
      await this.#say(`word-${(this.#said += 1)}`);
      longest = Math.max(longest, performance.now() - sentAt);
      await sleep(PAUSE_MS);
    }
    return Math.round(longest);
  }

  stop() {
    this.#isDone = true;
  }

  end() {
    this.#client.end();
  }

  /** @param {string} messageId */
  async #say(messageId) {
    this.#client.send({ type: 'chat_message', roomSlug: ROOM, message: 'all is well', messageId });
    if (!(await this.#client.until(({ type, messageId: id }) => type === 'message_sent' && id === messageId))) {
      throw new Error(`the bystander was cut off: ${this.#client.closeCode ?? 'no close frame'}`);
    }
    const strange = this.#client.take().find(({ type }) => type === 'error' || type === 'user_joined');
    if (strange) throw new Error(`the bystander was told ${JSON.stringify(strange)}`);
  }
}
