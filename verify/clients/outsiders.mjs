import { setTimeout as sleep } from 'node:timers/promises';
import { Connection, toMessage } from './connection.mjs';
import { getJson } from './http.mjs';

const PAUSE_MS = 700;

/**
 * One who may see nothing of any room, and tries: a stranger who is in no room, a silent one who does not authenticate, or
 * an intruder who knocks at the private room.
 */
export class Outsider {
  #options;
  #session = 0;
  /** @type {Connection | undefined} */
  #connection;
  #isStopped = false;

  /**
   * @param {object} options
   * @param {string} options.name
   * @param {'stranger' | 'silent' | 'intruder'} options.role
   * @param {string | undefined} options.token
   * @param {string} options.publicRoom
   * @param {string} options.privateRoom
   * @param {string[]} options.urls
   * @param {number} options.silenceMs
   * @param {import('../random.mjs').Random} options.random
   * @param {import('../history/recorder.mjs').Recorder} options.recorder
   */
  constructor(options) {
    this.#options = options;
  }

  stop() {
    this.#isStopped = true;
    this.#connection?.drop();
  }

  async run() {
    while (!this.#isStopped) {
      await this.#live();
      await sleep(this.#options.random.between(PAUSE_MS, 2 * PAUSE_MS));
    }
  }

  async #live() {
    const { name, role, token, urls, random, recorder, silenceMs } = this.#options;
    const node = random.integer(0, urls.length - 1);
    const url = /** @type {string} */ (urls[node]);
    /** @type {Map<string, string>} */
    const sent = new Map();
    const connection = new Connection({
      url,
      node,
      client: name,
      session: ++this.#session,
      recorder,
      silenceMs,
      listener: {
        onAck: () => undefined,
        onRefused: (slug) => sent.get(slug),
        onSeen: () => undefined,
        onClosed: () => undefined,
      },
    });
    this.#connection = connection;
    if (this.#isStopped) connection.drop();
    if (!(await connection.opened())) return;
    if (token !== undefined && !(await connection.authenticate(token))) {
      connection.drop();
      return;
    }
    while (connection.isOpen) {
      if (role === 'intruder') await this.#intrude(connection, url);
      else if (random.chance(0.3)) this.#speakUp(connection, sent);
      await Promise.race([connection.closed, sleep(random.between(PAUSE_MS, 2 * PAUSE_MS))]);
    }
  }

  /** @param {Connection} connection @param {string} url */
  async #intrude(connection, url) {
    const { name, token, privateRoom: room, recorder } = this.#options;
    await connection.join(room);
    const { status, body } = await getJson(url, `/rooms/${room}/messages?after=0`, token).catch(() => ({
      status: 0,
      body: undefined,
    }));
    if (status !== 200) return;
    const { messages, hasMore } = body;
    const page = { after: 0, messages: messages.map(toMessage), hasMore };
    recorder.record({ kind: 'page', client: name, session: this.#session, room, ...page });
  }

  /** Into a room that it is not in. @param {Connection} connection @param {Map<string, string>} sent */
  #speakUp(connection, sent) {
    const { name, publicRoom: room } = this.#options;
    const slug = `${name}-${this.#session}-${sent.size}`;
    sent.set(slug, room);
    connection.sendMessage({ room, slug, text: 'Let me in' });
  }
}
