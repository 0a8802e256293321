import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from './connection.mjs';
import { getJson } from './http.mjs';
import { Outbox } from './outbox.mjs';
import { RoomReader } from './room-reader.mjs';

/** Without an answer for so long, a message is sent again. */
const ANSWER_MS = 3_000;
const TICK_MS = 100;
const LEAST_BACK_OFF_MS = 100;
const MOST_BACK_OFF_MS = 1_500;
const MEAN_PAUSE_MS = 500;
const RETRY_MS = [500, 2_000];
const BURST = 5;
const MOST_ROOMS = 3;
const PAGE = 50;

const ACTIONS = { send: 78, burst: 4, repeat: 4, join: 4, leave: 3, rejoin: 2, drop: 2.5, close: 1.5 };
const TEXTS = ['Hola!', 'Una tanda más?', '1 < 2 && 3 > 2', 'R&B', 'ñandú 🩰', 'مرحبا', 'line\nbreak'];

/**
 * A member: it comes, talks, goes and comes back, at random, and does what docs/protocol.md tells clients to do so that
 * nothing is lost.
 */
export class Client {
  /** Rooms that it is in now. @type {Set<string>} */
  rooms = new Set();

  #options;
  #random;
  /** Half of them resume (RES-1); the others read history through REST, as in protocol 1. */
  #isResuming;
  /** How often it has to react depends on the server: that must not move what it does next. */
  #reactions;
  #outbox = new Outbox();
  /** Rooms that it wants to be in. @type {Set<string>} */
  #wanted;
  /** @type {Map<string, RoomReader>} */
  #readers;
  /** @type {Connection | undefined} */
  #connection;
  #session = 0;
  #sent = 0;
  #isQuiet = false;
  #isAway = false;
  #isStopped = false;

  /**
   * @param {object} options
   * @param {string} options.name
   * @param {number} options.user
   * @param {number} options.ordinal which of the user's clients it is
   * @param {string} options.token
   * @param {string[]} options.allowed rooms
   * @param {string[]} options.urls of the nodes
   * @param {number} options.silenceMs
   * @param {import('../random.mjs').Random} options.random
   * @param {import('../history/recorder.mjs').Recorder} options.recorder
   */
  constructor(options) {
    const { allowed, random, recorder } = options;
    this.#options = options;
    this.#random = random;
    this.#isResuming = random.derive('protocol').chance(0.5);
    this.#reactions = random.derive('reactions');
    this.#wanted = new Set(random.shuffled(allowed).slice(0, random.integer(1, MOST_ROOMS)));
    this.#readers = new Map(allowed.map((room) => [room, new RoomReader(room, recorder)]));
  }

  get name() {
    return this.#options.name;
  }

  get user() {
    return this.#options.user;
  }

  /** From here on it does nothing of its own accord, but comes back and settles what is open. */
  settle() {
    this.#isQuiet = true;
  }

  /** @returns {string | undefined} what keeps it from being in full service */
  get unsettled() {
    if (this.#isAway) return undefined;
    if (!this.#connection?.isAuthenticated || !this.#connection.isOpen) return 'it has no connection';
    const missing = [...this.#wanted].find((room) => !this.rooms.has(room));
    if (missing !== undefined) return `it is not in ${missing}`;
    const behind = [...this.rooms].find((room) => !this.#readers.get(room)?.isCaughtUp);
    if (behind !== undefined) return `it has not caught up with ${behind}`;
    const open = this.#outbox.oldest((room) => this.rooms.has(room));
    return open && `${open.slug} in ${open.room} has no answer`;
  }

  /** @param {string} room @returns {number} up to where it knows all */
  known(room) {
    return this.#readers.get(room)?.known ?? 0;
  }

  /** Leaves a room for good, in the quiet. */
  async leaveOne() {
    const room = this.#random.pick([...this.rooms]);
    if (room !== undefined) await this.#leave(room);
  }

  /** Goes for good, in the quiet. */
  async leaveAll() {
    this.#isAway = true;
    await this.#connection?.close();
  }

  stop() {
    this.#isStopped = true;
    this.#connection?.drop();
  }

  async run() {
    while (!this.#isStopped) {
      if (!this.#isAway) await this.#live();
      await sleep(
        this.#isQuiet && this.#isAway ? TICK_MS : this.#reactions.between(LEAST_BACK_OFF_MS, MOST_BACK_OFF_MS),
      );
    }
  }

  /** One connection, from its beginning to its end. */
  async #live() {
    const { name, token, urls, recorder, silenceMs } = this.#options;
    const node = this.#reactions.integer(0, urls.length - 1);
    const connection = new Connection({
      url: /** @type {string} */ (urls[node]),
      node,
      client: name,
      session: ++this.#session,
      recorder,
      silenceMs,
      listener: {
        onAck: (slug) => this.#outbox.acknowledged(slug),
        onRefused: (slug) => this.#outbox.refused(slug, this.#retryAt()),
        onSeen: (room, { id }) => this.#readers.get(room)?.see(id),
        onClosed: () => this.#lost(),
      },
    });
    this.#connection = connection;
    if (this.#isStopped) connection.drop();
    if (!(await connection.opened())) return;
    if (!(await connection.authenticate(token, this.#isResuming ? 2 : undefined))) {
      // Bad times for the server (AUTH-9): the connection is closed, or of no use.
      if (connection.isOpen) connection.drop();
      return;
    }
    await Promise.race([connection.closed, this.#serve(connection)]);
    await connection.closed;
  }

  /** @param {Connection} connection */
  async #serve(connection) {
    const tending = this.#tend(connection);
    while (connection.isOpen) {
      await sleep(Math.max(20, this.#random.exponential(MEAN_PAUSE_MS)));
      if (connection.isOpen && !this.#isQuiet) await this.#act(connection);
    }
    await tending;
  }

  /** What a client always does: joins what it wants to be in, and sends again what has no answer. @param {Connection} connection */
  async #tend(connection) {
    while (connection.isOpen) {
      for (const room of this.#wanted)
        if (!this.rooms.has(room) && connection.isOpen) await this.#join(connection, room);
      for (const room of this.rooms) {
        for (const message of this.#outbox.due(room, this.#now, ANSWER_MS)) this.#send(connection, message);
      }
      await sleep(TICK_MS);
    }
  }

  /** @param {Connection} connection */
  async #act(connection) {
    const random = this.#random;
    // Drawn before it is known whether it can be done, so that the plan does not hang on what the server does.
    const action = random.weighted(ACTIONS);
    const room = this.#pickRoom();
    switch (action) {
      case 'send':
        if (room !== undefined) this.#compose(connection, room);
        return;
      case 'burst':
        if (room !== undefined) for (let i = 0; i < BURST; i++) this.#compose(connection, room);
        return;
      case 'repeat': {
        const message = this.#outbox.anyAcknowledged(this.#reactions, (one) => this.rooms.has(one));
        if (message) connection.sendMessage(message);
        return;
      }
      case 'join':
        if (this.#wanted.size < MOST_ROOMS) this.#wanted.add(random.pick(this.#options.allowed));
        return;
      case 'leave':
        if (room !== undefined && this.#wanted.size > 1) await this.#leave(room);
        return;
      case 'rejoin':
        if (room !== undefined) await this.#rejoin(connection, room);
        return;
      case 'drop':
        connection.drop();
        return;
      case 'close':
        await connection.close();
        return;
      default:
    }
  }

  #pickRoom() {
    const place = this.#random.fraction();
    return [...this.rooms][Math.floor(place * this.rooms.size)];
  }

  /** @param {Connection} connection @param {string} room */
  async #join(connection, room) {
    const from = this.known(room);
    const joined = await connection.join(room, this.#isResuming ? from : undefined);
    if (!joined || !connection.isOpen) return;
    this.rooms.add(room);
    // In their order, before anything new.
    for (const message of this.#outbox.unknown(room)) this.#send(connection, message);
    this.#learn(connection, room, from, joined);
  }

  /** Joins a room that it is in. @param {Connection} connection @param {string} room */
  async #rejoin(connection, room) {
    // What it has asked for and not got yet need not be asked for again.
    const asksAgain = this.#isResuming && this.#readers.get(room)?.isCaughtUp;
    const from = this.known(room);
    const joined = await connection.join(room, asksAgain ? from : undefined);
    if (joined && asksAgain && connection.isOpen) this.#learn(connection, room, from, joined);
  }

  /**
   * What it missed.
   *
   * @param {Connection} connection
   * @param {string} room
   * @param {number} from what it knew when it asked
   * @param {{ lastId?: number, recovered?: boolean }} joined
   */
  #learn(connection, room, from, { lastId, recovered }) {
    const reader = this.#readers.get(room);
    const place = { client: this.name, session: this.#session };
    if (recovered && lastId !== undefined) reader?.resume(place, lastId);
    else void reader?.catchUp(place, from, (after) => this.#readPage(connection, room, after));
  }

  /** @param {Connection} connection @param {string} room @param {number} after */
  async #readPage(connection, room, after) {
    if (this.#isResuming) return connection.history(room, after, PAGE);
    const path = `/rooms/${room}/messages?after=${after}&limit=${PAGE}`;
    const answer = await getJson(connection.url, path, this.#options.token).catch(() => undefined);
    return answer?.status === 200 ? answer.body : undefined;
  }

  /** @param {string} room */
  async #leave(room) {
    this.#wanted.delete(room);
    this.rooms.delete(room);
    await this.#connection?.leave(room);
    this.#readers.get(room)?.stop();
  }

  #lost() {
    this.rooms.clear();
    for (const reader of this.#readers.values()) reader.stop();
  }

  /** @param {Connection} connection @param {string} room */
  #compose(connection, room) {
    const { name, ordinal } = this.#options;
    this.#sent += 1;
    // Some ids are also those of other users' messages: that must not matter.
    const slug = this.#random.chance(0.05) ? `shared-${ordinal}-${this.#sent}` : `${name}-${this.#sent}`;
    const text = `${this.#random.pick(TEXTS)} ${name} ${this.#sent}`;
    const message = { room, slug, text, sentAt: this.#now };
    this.#outbox.add(message);
    connection.sendMessage(message);
  }

  /** @param {Connection} connection @param {import('./outbox.mjs').OutgoingMessage} message */
  #send(connection, message) {
    message.sentAt = this.#now;
    delete message.retryAt;
    connection.sendMessage(message);
  }

  /** Half of what is refused is tried again; the rest must never have been. */
  #retryAt() {
    const [least = 0, most = 0] = RETRY_MS;
    const wait = this.#reactions.between(least, most);
    return this.#reactions.chance(0.5) ? this.#now + wait : undefined;
  }

  get #now() {
    return this.#options.recorder.now();
  }
}
