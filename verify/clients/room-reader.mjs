import { setTimeout as sleep } from 'node:timers/promises';
import { toMessage } from './connection.mjs';

const RETRY_MS = 300;

/** @typedef {{ client: string, session: number }} Place */

/** What a client knows of one room, and how it learns of what it missed: from pages of history, or by resuming. */
export class RoomReader {
  isCaughtUp = false;
  /** Everything up to here is known. */
  #cursor = 0;
  /** Seen live while earlier messages are still missing. */
  #ahead = 0;
  /** Where a resume that has not brought everything yet will end. @type {(Place & { lastId: number }) | undefined} */
  #resume;
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
    this.#arrive();
  }

  /** The connection ended, or the room was left: what comes until the next time is missed. */
  stop() {
    this.#round += 1;
    this.isCaughtUp = false;
    this.#ahead = 0;
    this.#resume = undefined;
  }

  /** What was missed follows, up to `lastId`; some of it may be here already. @param {Place} place @param {number} lastId */
  resume({ client, session }, lastId) {
    this.#cursor = Math.max(this.#cursor, this.#ahead);
    this.#resume = { client, session, lastId };
    // From here on each message is the next one.
    this.isCaughtUp = true;
    this.#arrive();
  }

  /**
   * Pages through what was missed, as long as the connection stays.
   *
   * @param {Place} place
   * @param {number} from what was known when it asked to join: since then newer ones may have come live
   * @param {(after: number) => Promise<{ messages: any[], hasMore: boolean } | undefined>} readPage gives undefined when it cannot be had now
   */
  async catchUp({ client, session }, from, readPage) {
    const round = ++this.#round;
    const isCurrent = () => this.#round === round;
    this.isCaughtUp = false;
    this.#resume = undefined;
    this.#ahead = Math.max(this.#ahead, this.#cursor);
    this.#cursor = from;
    for (;;) {
      const after = this.#cursor;
      const page = await readPage(after);
      if (!isCurrent()) return;
      if (!page) {
        await sleep(RETRY_MS);
        if (!isCurrent()) return;
        continue;
      }
      const messages = page.messages.map(toMessage);
      const { hasMore } = page;
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

  #arrive() {
    if (!this.#resume || this.#cursor < this.#resume.lastId) return;
    const { client, session } = this.#resume;
    this.#resume = undefined;
    this.#recorder.record({ kind: 'caught_up', client, session, room: this.#room });
  }
}
