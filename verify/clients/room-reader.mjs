import { setTimeout as sleep } from 'node:timers/promises';
import { toMessage } from './connection.mjs';
import { getJson } from './http.mjs';

const LIMIT = 50;
const RETRY_MS = 300;

/** What a client knows of one room, and the paging through what it missed. */
export class RoomReader {
  isCaughtUp = false;
  /** Everything up to here is known. */
  #cursor = 0;
  /** Seen live while earlier messages are still missing. */
  #ahead = 0;
  /** Which paging is the present one: an older one gives up. */
  #round = 0;

  #room;
  #recorder;

  /** @param {string} room @param {import('../history/recorder.mjs').Recorder} recorder */
  constructor(room, recorder) {
    this.#room = room;
    this.#recorder = recorder;
  }

  get known() {
    return this.#cursor;
  }

  /** @param {number} id */
  see(id) {
    if (this.isCaughtUp) this.#cursor = id;
    else this.#ahead = id;
  }

  /** The connection ended, or the room was left: what comes until the next time is missed. */
  stop() {
    this.#round += 1;
    this.isCaughtUp = false;
    this.#ahead = 0;
  }

  /**
   * Pages through what was missed, as long as the connection stays.
   *
   * @param {{ client: string, session: number, url: string, token: string }} place
   */
  async catchUp({ client, session, url, token }) {
    const round = ++this.#round;
    const isCurrent = () => this.#round === round;
    for (;;) {
      const after = this.#cursor;
      const path = `/rooms/${this.#room}/messages?after=${after}&limit=${LIMIT}`;
      const { status, body } = await getJson(url, path, token).catch(() => ({ status: 0, body: undefined }));
      if (!isCurrent()) return;
      if (status !== 200) {
        await sleep(RETRY_MS);
        if (!isCurrent()) return;
        continue;
      }
      const messages = body.messages.map(toMessage);
      const { hasMore } = body;
      const place = { client, session, room: this.#room };
      this.#recorder.record({ kind: 'page', ...place, after, messages, hasMore });
      this.#cursor = messages.at(-1)?.id ?? after;
      if (!hasMore) {
        this.#recorder.record({ kind: 'caught_up', ...place });
        this.#cursor = Math.max(this.#cursor, this.#ahead);
        this.isCaughtUp = true;
        return;
      }
    }
  }
}
