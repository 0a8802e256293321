import { setTimeout as sleep } from 'node:timers/promises';
import { Auditor } from '../clients/auditor.mjs';
import { Client } from '../clients/client.mjs';
import { Outsider } from '../clients/outsiders.mjs';
import { signToken } from '../clients/tokens.mjs';

const POLL_MS = 100;
const SETTLE_MS = 25_000;
/** What was missed during a fault comes by then. */
const DELIVERY_MS = 10_000;
const ARRIVAL_MS = 2_000;
/** P8. */
const CLEAN_CHANGE_MS = 5_000;
const LEAVING = 3;

/** Everybody who takes part in a run. */
export class Population {
  /** @type {Client[]} */
  clients = [];
  /** @type {Outsider[]} */
  #outsiders = [];
  #auditor;
  #recorder;
  #random;
  #rooms;
  /** @type {Promise<void>[]} */
  #lives = [];

  /**
   * @param {object} options
   * @param {import('./cast.mjs').Cast} options.cast
   * @param {Map<string, number>} options.ids
   * @param {string[]} options.urls
   * @param {string} options.secret
   * @param {number} options.silenceMs
   * @param {import('../random.mjs').Random} options.random
   * @param {import('../history/recorder.mjs').Recorder} options.recorder
   */
  constructor({ cast, ids, urls, secret, silenceMs, random, recorder }) {
    const { parts, publicRooms, privateRoom } = cast;
    const [publicRoom = privateRoom] = publicRooms;
    this.#recorder = recorder;
    this.#random = random;
    this.#rooms = [...publicRooms, privateRoom];
    const common = { urls, silenceMs, recorder };
    for (const { name, role, username, ordinal, allowed } of parts) {
      const user = ids.get(username) ?? 0;
      const token = signToken(secret, user);
      const own = { ...common, name, random: random.derive(name) };
      if (role === 'member') this.clients.push(new Client({ ...own, user, ordinal, token, allowed }));
      else if (role !== 'auditor') {
        const pass = role === 'silent' ? undefined : token;
        this.#outsiders.push(new Outsider({ ...own, role, token: pass, publicRoom, privateRoom }));
      }
    }
    const auditor = parts.find(({ role }) => role === 'auditor');
    const token = signToken(secret, ids.get(auditor?.username ?? '') ?? 0);
    this.#auditor = new Auditor({ ...common, name: 'auditor', token, rooms: this.#rooms });
  }

  /** They come one after another, within a moment. */
  start() {
    const step = ARRIVAL_MS / this.clients.length;
    const live = async (/** @type {Client | Outsider} */ client, /** @type {number} */ i) => {
      await sleep(i * step);
      await client.run();
    };
    this.#lives = [...this.clients, ...this.#outsiders].map(live);
  }

  /**
   * No more is sent; everybody comes back and learns of everything. Those who do not are recorded.
   *
   * @param {() => Promise<Map<string, number>>} newest the newest id of each room
   */
  async settle(newest) {
    this.#recorder.record({ kind: 'quiet' });
    for (const client of this.clients) client.settle();
    await this.#until(() => this.clients.every(({ unsettled }) => unsettled === undefined), SETTLE_MS);
    for (const { name, unsettled } of this.clients) {
      if (unsettled !== undefined) this.#recorder.record({ kind: 'unsettled', client: name, why: unsettled });
    }
    const last = await newest();
    const knowsAll = (/** @type {Client} */ client) =>
      [...client.rooms].every((room) => client.known(room) >= (last.get(room) ?? 0));
    await this.#until(() => this.clients.every(knowsAll), DELIVERY_MS);
  }

  /** Counts, lets some go, and counts again. @param {number} deadline of the first count */
  async audit(deadline) {
    await this.#auditor.count((room) => this.#occupants(room), deadline);
    const [...going] = this.#random.shuffled(this.clients.filter(({ rooms }) => rooms.size > 0)).slice(0, 2 * LEAVING);
    await Promise.all(going.map((client, i) => (i < LEAVING ? client.leaveOne() : client.leaveAll())));
    await this.#auditor.count((room) => this.#occupants(room), this.#recorder.now() + CLEAN_CHANGE_MS);
  }

  async stop() {
    for (const client of [...this.clients, ...this.#outsiders]) client.stop();
    await Promise.all(this.#lives);
  }

  /** @param {string} room */
  #occupants(room) {
    return new Set(this.clients.filter(({ rooms }) => rooms.has(room)).map(({ user }) => user)).size;
  }

  /** @param {() => boolean} condition @param {number} within */
  async #until(condition, within) {
    const deadline = this.#recorder.now() + within;
    while (!condition() && this.#recorder.now() < deadline) await sleep(POLL_MS);
  }
}
