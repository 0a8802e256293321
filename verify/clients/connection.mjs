import { clearTimeout, setTimeout } from 'node:timers';
import WebSocket from 'ws';

/** @typedef {import('../history/events.mjs').Message} Message */

/** Longer than a healthy server ever takes: who waits so long goes elsewhere. */
const OPEN_MS = 3_000;
const ANSWER_MS = 6_000;
const CLOSE_MS = 2_000;

/**
 * What a connection tells its owner.
 *
 * @typedef {object} Listener
 * @property {(slug: string) => void} onAck
 * @property {(slug: string) => string | undefined} onRefused gives the message's room
 * @property {(room: string, message: Message) => void} onSeen
 * @property {() => void} onClosed
 */

/** One connection of a client: speaks the protocol, and reports every event to the history. */
export class Connection {
  isOpen = false;
  isAuthenticated = false;

  #socket;
  #recorder;
  #place;
  #listener;
  /** Joins and leaves are sent one at a time: an error does not say what it is the answer to. */
  #turn = Promise.resolve();
  /** @type {{ types: string[], joins: string | undefined, settle: (frame: any) => void } | undefined} */
  #waiting;
  /** How long the server may be silent. @type {number} */
  #silenceMs;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #silence;

  /**
   * @param {object} options
   * @param {string} options.url
   * @param {number} options.node
   * @param {string} options.client
   * @param {number} options.session
   * @param {import('../history/recorder.mjs').Recorder} options.recorder
   * @param {Listener} options.listener
   * @param {number} options.silenceMs
   */
  constructor({ url, node, client, session, recorder, listener, silenceMs }) {
    this.#recorder = recorder;
    this.#place = { client, session };
    this.#listener = listener;
    this.#silenceMs = silenceMs;
    recorder.record({ kind: 'connecting', ...this.#place, node });
    this.url = url;
    this.#socket = new WebSocket(url, { handshakeTimeout: OPEN_MS, perMessageDeflate: false });
    this.#socket.on('error', () => undefined);
    this.#socket.on('message', (data) => this.#take(JSON.parse(String(data))));
    this.#socket.on('ping', () => this.#heard());
    this.closed = new Promise((/** @type {(value: undefined) => void} */ resolve) => {
      this.#socket.on('close', (code) => {
        clearTimeout(this.#silence);
        this.isOpen = false;
        recorder.record({ kind: 'closed', ...this.#place, code });
        this.#waiting?.settle(undefined);
        listener.onClosed();
        resolve(undefined);
      });
    });
  }

  /** @returns {Promise<boolean>} whether the handshake was answered */
  async opened() {
    const open = new Promise((resolve) => this.#socket.once('open', () => resolve(true)));
    const isOpen = (await Promise.race([open, this.closed])) === true;
    if (isOpen) {
      this.isOpen = true;
      this.#recorder.record({ kind: 'open', ...this.#place });
      this.#heard();
    }
    return isOpen;
  }

  /** @param {string} token @param {2} [protocol] @returns {Promise<boolean>} */
  async authenticate(token, protocol) {
    const answer = await this.#ask({ type: 'auth', token, protocol }, ['auth_success', 'auth_error']);
    return answer?.type === 'auth_success';
  }

  /**
   * @param {string} room
   * @param {number} [after] to resume from there, in protocol 2
   * @returns {Promise<{ userCount: number, lastId?: number, recovered?: boolean } | undefined>} undefined when it was not joined
   */
  async join(room, after) {
    const answer = await this.#ask({ type: 'join_room', roomSlug: room, after }, ['room_joined', 'error'], 'join');
    return answer?.type === 'room_joined' ? answer : undefined;
  }

  /**
   * A page of what follows, in protocol 2.
   *
   * @param {string} room
   * @param {number} after
   * @param {number} limit
   * @returns {Promise<{ messages: any[], hasMore: boolean } | undefined>} undefined when it was not given
   */
  async history(room, after, limit) {
    const answer = await this.#ask({ type: 'history', roomSlug: room, after, limit }, ['history', 'error']);
    return answer?.type === 'history' ? answer : undefined;
  }

  /** @param {string} room @returns {Promise<boolean>} whether it was answered */
  async leave(room) {
    return (await this.#ask({ type: 'leave_room', roomSlug: room }, ['room_left'], 'leave')) !== undefined;
  }

  /** @param {{ room: string, slug: string, text: string }} message */
  sendMessage({ room, slug, text }) {
    if (!this.isOpen) return;
    this.#recorder.record({ kind: 'send', ...this.#place, room, slug, text });
    this.#send({ type: 'chat_message', roomSlug: room, message: text, messageId: slug });
  }

  /** Without a close frame. */
  drop() {
    this.#end('drop');
    this.#socket.terminate();
  }

  /** With a close frame, as one who goes on purpose. */
  async close() {
    this.#end('close');
    this.#socket.close(1000);
    const timer = setTimeout(() => this.#socket.terminate(), CLOSE_MS);
    await this.closed;
    clearTimeout(timer);
  }

  /** @param {'drop' | 'close'} how */
  #end(how) {
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    this.isOpen = false;
    this.#recorder.record({ kind: 'closing', ...this.#place, how });
    // What still arrives was on its way, and is of no interest to who has gone.
    this.#socket.removeAllListeners('message');
  }

  /**
   * @param {{ type: string, token?: string, protocol?: number | undefined, roomSlug?: string, after?: number | undefined, limit?: number }} frame
   * @param {string[]} types that answer it
   * @param {'join' | 'leave'} [kind] of the event
   * @returns {Promise<any>} the answer, or undefined when the connection ended before
   */
  async #ask(frame, types, kind) {
    const before = this.#turn;
    /** @type {() => void} */
    let done = () => undefined;
    this.#turn = new Promise((resolve) => (done = () => resolve(undefined)));
    await before;
    try {
      if (!this.isOpen) return undefined;
      const { roomSlug: room, after } = frame;
      if (kind && room !== undefined) this.#recorder.record({ kind, ...this.#place, room, after });
      this.#send(frame);
      const timer = setTimeout(() => this.drop(), ANSWER_MS);
      const joins = kind === 'join' ? room : undefined;
      const answer = await new Promise((settle) => (this.#waiting = { types, joins, settle }));
      clearTimeout(timer);
      return answer;
    } finally {
      this.#waiting = undefined;
      done();
    }
  }

  /** @param {object} frame */
  #send(frame) {
    this.#socket.send(JSON.stringify(frame), () => undefined);
  }

  /** A connection on which nothing comes any more, not even a ping, is dead. */
  #heard() {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.drop(), this.#silenceMs);
  }

  /** @param {any} frame */
  #take(frame) {
    this.#heard();
    this.#report(frame);
    if (this.#waiting?.types.includes(frame.type) && frame.messageId === undefined) {
      const { settle } = this.#waiting;
      this.#waiting = undefined;
      settle(frame);
    }
  }

  /** @param {any} frame */
  #report(frame) {
    const record = this.#recorder.record.bind(this.#recorder);
    const place = { ...this.#place, room: frame.roomSlug };
    switch (frame.type) {
      case 'ping':
        this.#send({ type: 'pong' });
        return;
      case 'auth_success':
        this.isAuthenticated = true;
        record({ kind: 'authenticated', ...this.#place });
        return;
      case 'auth_error':
        record({ kind: 'stray', ...this.#place, frame: JSON.stringify(frame) });
        return;
      case 'room_joined':
        record({
          kind: 'joined',
          ...place,
          userCount: frame.userCount,
          lastId: frame.lastId,
          recovered: frame.recovered,
        });
        return;
      case 'history':
        // Whoever asked knows of what it is a page, and records it.
        return;
      case 'room_left':
        record({ kind: 'left', ...place });
        return;
      case 'message_sent': {
        record({ kind: 'ack', ...place, slug: frame.messageId, timestamp: frame.timestamp });
        this.#listener.onAck(frame.messageId);
        return;
      }
      case 'new_message': {
        const message = toMessage(frame.data);
        record({ kind: 'seen', ...place, message });
        this.#listener.onSeen(frame.roomSlug, message);
        return;
      }
      case 'user_joined':
      case 'user_left':
        record({ kind: frame.type, ...place, room: frame.data.roomSlug, user: frame.data.userId });
        return;
      default:
        this.#reportError(frame);
    }
  }

  /** @param {any} frame */
  #reportError(frame) {
    if (frame.type === 'error' && frame.messageId !== undefined) {
      const room = this.#listener.onRefused(frame.messageId);
      if (room !== undefined) {
        const { messageId: slug, message: text } = frame;
        this.#recorder.record({ kind: 'refused', ...this.#place, room, slug, text });
        return;
      }
    }
    const room = this.#waiting?.joins;
    if (room !== undefined && this.#waiting?.types.includes(frame.type)) {
      this.#recorder.record({ kind: 'join_refused', ...this.#place, room, text: frame.message });
    } else {
      this.#recorder.record({ kind: 'stray', ...this.#place, frame: JSON.stringify(frame) });
    }
  }
}

/** @param {any} data of a new_message or of history @returns {Message} */
export function toMessage({ id, slug, userSlug, message }) {
  return { id, slug, user: Number(userSlug), text: message };
}
