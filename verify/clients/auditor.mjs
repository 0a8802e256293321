import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from './connection.mjs';
import { getJson } from './http.mjs';

const POLL_MS = 250;

/** Counts who is there, at every node, by both ways in which a server tells. */
export class Auditor {
  #options;
  #session = 0;

  /**
   * @param {object} options
   * @param {string} options.name
   * @param {string} options.token of an admin who may enter every room
   * @param {string[]} options.rooms
   * @param {string[]} options.urls
   * @param {number} options.silenceMs
   * @param {import('../history/recorder.mjs').Recorder} options.recorder
   */
  constructor(options) {
    this.#options = options;
  }

  /**
   * Waits until the counts are true, but no longer than until the deadline, and records them.
   *
   * @param {(room: string) => number} expected how many users are in a room, without the auditor
   * @param {number} deadline
   */
  async count(expected, deadline) {
    await this.#countByStats(expected, deadline);
    for (const node of this.#options.urls.keys()) await this.#countByJoining(node, expected, deadline);
    // It went itself, and that must be known too.
    await this.#countByStats(expected, Math.max(deadline, this.#options.recorder.now() + 5_000));
  }

  /** @param {(room: string) => number} expected @param {number} deadline */
  async #countByStats(expected, deadline) {
    const { rooms, urls, recorder } = this.#options;
    for (;;) {
      const counts = await Promise.all(urls.map((url) => this.#stats(url)));
      const isTrue = counts.every((of) => rooms.every((room) => of(room) === expected(room)));
      if (isTrue || recorder.now() > deadline) {
        for (const [node, of] of counts.entries()) {
          for (const room of rooms)
            recorder.record({ kind: 'census', node, room, source: 'stats', userCount: of(room) });
        }
        return;
      }
      await sleep(POLL_MS);
    }
  }

  /** @param {string} url @returns {Promise<(room: string) => number>} -1 where there is no answer */
  async #stats(url) {
    const { body } = await getJson(url, '/ws/stats', this.#options.token).catch(() => ({ body: undefined }));
    if (!body?.rooms) return () => -1;
    const counts = new Map(body.rooms.map((/** @type {any} */ { slug, userCount }) => [slug, userCount]));
    return (room) => counts.get(room) ?? 0;
  }

  /** @param {number} node @param {(room: string) => number} expected @param {number} deadline */
  async #countByJoining(node, expected, deadline) {
    const { name, token, rooms, urls, recorder, silenceMs } = this.#options;
    /** @type {() => void} */
    const nothing = () => undefined;
    const connection = new Connection({
      url: /** @type {string} */ (urls[node]),
      node,
      client: name,
      session: ++this.#session,
      recorder,
      silenceMs,
      listener: { onAck: nothing, onRefused: () => undefined, onSeen: nothing, onClosed: nothing },
    });
    if (!(await connection.opened()) || !(await connection.authenticate(token))) {
      recorder.record({ kind: 'unsettled', client: name, why: `node ${node} does not let it in` });
      connection.drop();
      return;
    }
    for (const room of rooms) {
      while (connection.isOpen) {
        const userCount = (await connection.join(room))?.userCount;
        const isTrue = userCount === expected(room) + 1;
        if (isTrue || recorder.now() > deadline) {
          recorder.record({ kind: 'census', node, room, source: 'joined', userCount: userCount ?? -1 });
          break;
        }
        await sleep(POLL_MS);
      }
      await connection.leave(room);
    }
    await connection.close();
  }
}
