import { Buffer } from 'node:buffer';
import { connect } from 'node:net';
import { NATIVE_PONG, maskedFrame } from './client-frames.mjs';
import { KIND, PROBE_BYTES } from './dialects.mjs';

/** @typedef {import('./dialects.mjs').Dialect} Dialect */
/** @typedef {import('./tally.mjs').Tally} Tally */

const OPCODE_TEXT = 1;
const OPCODE_CLOSE = 8;
const OPCODE_PING = 9;
const LENGTH_16 = 126;
const LENGTH_64 = 127;
const END_OF_HEAD = '\r\n\r\n';
/** For the failure's text. */
const EXCERPT_BYTES = 200;

/** Every client reads into this one buffer: what is read is looked at at once, and not kept. */
const READ_BUFFER = Buffer.allocUnsafe(262_144);

/**
 * One member: a WebSocket client that costs as little as it can. It hops from frame header to frame header and looks at
 * a byte or two of each text; it connects, authenticates and joins one room by itself.
 */
export class Client {
  /** new_message frames received. */
  deliveries = 0;
  /** @type {(count: number) => void} called once for all acknowledgements of a read */
  onAcks = () => undefined;
  /** @type {(count: number) => void} called once for all new_message frames of a read, before they are counted */
  onDeliveries = () => undefined;

  #dialect;
  #tally;
  #socket;
  #token;
  #roomSlug;
  #isUpgraded = false;
  #isLeaving = false;
  /** Bytes of a frame's payload that are still to come and are skipped. */
  #skip = 0;
  /** @type {Buffer | undefined} an incomplete header, until the rest has come */
  #carry;
  /** @type {() => void} */
  #joined = () => undefined;

  /**
   * @param {object} options
   * @param {number} options.port
   * @param {Dialect} options.dialect
   * @param {Tally} options.tally
   * @param {string} options.token
   * @param {string} options.roomSlug
   */
  constructor({ port, dialect, tally, token, roomSlug }) {
    this.#dialect = dialect;
    this.#tally = tally;
    this.#token = token;
    this.#roomSlug = roomSlug;
    this.#socket = connect({
      host: '127.0.0.1',
      port,
      noDelay: true,
      onread: { buffer: READ_BUFFER, callback: (count) => this.#read(count) },
    });
    this.#socket.on('error', (error) => this.#failed(error.message));
    this.#socket.on('close', () => this.#failed('The server closed a connection'));
    this.#socket.write(
      `GET ${dialect.path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
  }

  /** Resolves when the room is joined; what goes wrong goes to the tally. */
  join() {
    return new Promise((resolve) => (this.#joined = () => resolve(undefined)));
  }

  /** @param {Buffer} frames */
  write(frames) {
    this.#socket.write(frames);
  }

  /** For good, and without a word; that the server then ends it is no failure. */
  stopReading() {
    this.#isLeaving = true;
    this.#socket.pause();
  }

  /** Ends without a word, and leaves no TIME_WAIT behind. */
  reset() {
    this.#isLeaving = true;
    this.#socket.resetAndDestroy();
  }

  /** @param {number} count bytes in READ_BUFFER @returns {boolean} whether to go on reading */
  #read(count) {
    let buffer = READ_BUFFER;
    let end = count;
    if (this.#carry) {
      buffer = Buffer.concat([this.#carry, READ_BUFFER.subarray(0, count)]);
      end = buffer.length;
      this.#carry = undefined;
    }
    const begin = this.#isUpgraded ? 0 : this.#readHead(buffer, end);
    const parsed = this.#readFrames(buffer, begin, end);
    if (parsed < end) this.#carry = Buffer.from(buffer.subarray(parsed, end));
    return true;
  }

  /** @param {Buffer} buffer @param {number} end @returns {number} where frames begin */
  #readHead(buffer, end) {
    const head = buffer.toString('latin1', 0, end);
    const endOfHead = head.indexOf(END_OF_HEAD);
    if (endOfHead < 0) return this.#keep(buffer, end);
    if (!head.startsWith('HTTP/1.1 101')) this.#failed(`The upgrade was refused: ${head.slice(0, EXCERPT_BYTES)}`);
    this.#isUpgraded = true;
    if (!this.#dialect.greets) this.#say(this.#dialect.auth(this.#token));
    return endOfHead + END_OF_HEAD.length;
  }

  /** @param {Buffer} buffer @param {number} end */
  #keep(buffer, end) {
    this.#carry = Buffer.from(buffer.subarray(0, end));
    return end;
  }

  /** @param {Buffer} buffer @param {number} begin @param {number} end @returns {number} where the incomplete rest begins */
  #readFrames(buffer, begin, end) {
    const { classify } = this.#dialect;
    const skipped = Math.min(this.#skip, end - begin);
    this.#skip -= skipped;
    let at = begin + skipped;
    let deliveries = 0;
    let acks = 0;
    while (at + 2 <= end) {
      let length = buffer[at + 1];
      let text = at + 2;
      if (length === LENGTH_16) {
        text = at + 4;
        if (text > end) break;
        length = (buffer[at + 2] << 8) | buffer[at + 3];
      } else if (length === LENGTH_64) {
        text = at + 10;
        if (text > end) break;
        length = buffer.readUInt32BE(at + 6);
      }
      if (text + (length < PROBE_BYTES ? length : PROBE_BYTES) > end) break;
      const opcode = buffer[at] & 0x0f;
      const kind = opcode === OPCODE_TEXT ? classify(buffer, text) : KIND.other;
      if (kind === KIND.newMessage) deliveries += 1;
      else if (kind === KIND.ack) acks += 1;
      else this.#handleRare(kind, opcode, buffer, text, Math.min(text + length, end));
      at = text + length;
    }
    if (at > end) {
      this.#skip = at - end;
      at = end;
    }
    if (deliveries > 0) this.onDeliveries(deliveries);
    this.deliveries += deliveries;
    this.#tally.deliveries += deliveries;
    this.#tally.acks += acks;
    if (acks > 0) this.onAcks(acks);
    this.#tally.changed();
    return at;
  }

  /** @param {number} kind @param {number} opcode @param {Buffer} buffer @param {number} text @param {number} end */
  #handleRare(kind, opcode, buffer, text, end) {
    if (kind === KIND.userJoined) this.#tally.userJoined += 1;
    else if (kind === KIND.opened) this.#say(this.#dialect.auth(this.#token));
    else if (kind === KIND.authenticated) this.#say(this.#dialect.join(this.#roomSlug));
    else if (kind === KIND.joined) this.#joined();
    else if (kind === KIND.ping) this.#say(this.#dialect.pong);
    else if (opcode === OPCODE_PING) this.#socket.write(NATIVE_PONG);
    else if (opcode === OPCODE_CLOSE) this.#failed(`The server closes: ${buffer.toString('hex', text, end)}`);
    else if (kind === KIND.error) this.#failed(buffer.toString('utf8', text, Math.min(end, text + EXCERPT_BYTES)));
  }

  /** @param {string} text */
  #say(text) {
    this.#socket.write(maskedFrame(text));
  }

  /** @param {string} reason */
  #failed(reason) {
    if (!this.#isLeaving) this.#tally.fail(reason);
  }
}
