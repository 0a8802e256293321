import { Buffer } from 'node:buffer';
import { connect } from 'node:net';
import { clearTimeout, setTimeout } from 'node:timers';
import { clientFrame, OPCODE } from './client-frame.mjs';
import { readServerFrames } from './server-frames.mjs';

/** So long may the server take for an answer before it counts as hung. */
const PATIENCE_MS = 20_000;

/** @typedef {Record<string, unknown> & { type: string }} Frame */

/**
 * A WebSocket client that sends any bytes, and does not bear with anything: whatever the server sends must be a sound
 * frame.
 */
export class BareClient {
  /** @type {Frame[]} those that came since `take` */
  #frames = [];
  /** @type {number | undefined} of the server's close frame */
  closeCode;
  isOver = false;
  /** @type {Error | undefined} */
  #fault;
  /** @type {Buffer} */
  #rest = Buffer.alloc(0);
  #wake = () => {};
  #socket;

  /** @param {number} port */
  constructor(port) {
    this.#socket = connect(port, '127.0.0.1');
    this.#socket.setNoDelay(true);
    this.#socket.on('error', () => undefined);
    this.#socket.on('close', () => {
      this.isOver = true;
      this.#wake();
    });
    this.#socket.once('data', (answer) => this.#shakenHands(answer));
    const lines = [
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ];
    this.#socket.write(`GET / HTTP/1.1\r\nHost: fuzz\r\n${lines.join('\r\n')}\r\n\r\n`);
  }

  /** @param {Buffer} bytes */
  write(bytes) {
    if (!this.isOver) this.#socket.write(bytes);
  }

  /** @param {object} message */
  send(message) {
    this.write(clientFrame(OPCODE.text, JSON.stringify(message)));
  }

  /** All frames that came since this was last asked. */
  take() {
    return this.#frames.splice(0);
  }

  /**
   * Waits for a frame, or for the end of the connection.
   *
   * @param {(frame: Frame) => boolean} isWanted
   * @returns {Promise<boolean>} whether it came
   * @throws Error when neither comes, or the server sent what is no frame
   */
  async until(isWanted) {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.#wake();
    }, PATIENCE_MS);
    try {
      for (let seen = 0; ;) {
        if (this.#fault) throw this.#fault;
        for (; seen < this.#frames.length; seen++) if (isWanted(/** @type {Frame} */ (this.#frames[seen]))) return true;
        if (this.isOver) return false;
        if (late) throw new Error(`no answer within ${PATIENCE_MS} ms`);
        await new Promise((resolve) => (this.#wake = () => resolve(undefined)));
      }
    } finally {
      clearTimeout(timer);
    }
  }

  end() {
    this.#socket.destroy();
  }

  /** @param {Buffer} answer */
  #shakenHands(answer) {
    const end = answer.indexOf('\r\n\r\n');
    if (!answer.toString('latin1').startsWith('HTTP/1.1 101 ')) {
      this.#fail(`the upgrade was refused: ${answer.toString('latin1').slice(0, 60)}`);
      return;
    }
    this.#socket.on('data', (bytes) => this.#read(bytes));
    this.#read(answer.subarray(end + 4));
  }

  /** @param {Buffer} bytes */
  #read(bytes) {
    try {
      if (this.closeCode !== undefined && bytes.length > 0) throw new Error('bytes behind a close frame');
      const { frames, closeCode, rest } = readServerFrames(Buffer.concat([this.#rest, bytes]));
      this.#rest = rest;
      for (const frame of frames) this.#frames.push(frame);
      if (closeCode !== undefined) {
        this.closeCode = closeCode;
        this.#socket.end();
      }
      this.#wake();
    } catch (error) {
      this.#fail(error instanceof Error ? error.message : String(error));
    }
  }

  /** @param {string} problem */
  #fail(problem) {
    this.#fault ??= new Error(problem);
    this.#socket.destroy();
    this.#wake();
  }
}
