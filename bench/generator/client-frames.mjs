/** Frames from a client, masked beforehand. The mask is fixed, and not zero: servers may skip the work for a zero. */
import { Buffer } from 'node:buffer';

const MASK = [0x5a, 0xc3, 0x19, 0x76];
const MASK_BYTES = MASK.length;
const FINAL_TEXT = 0x81;
const FINAL_PONG = 0x8a;
const MASKED = 0x80;
const LENGTH_16 = 126;
const DIGIT_ZERO = 0x30;

/** Digits that tell one sender's messages apart. */
const COUNTER_DIGITS = 9;
const COUNTER_PLACE = '#'.repeat(COUNTER_DIGITS);

/** The answer to a native ping without payload. */
export const NATIVE_PONG = Buffer.from([FINAL_PONG, MASKED, ...MASK]);

/** @param {string} text */
export function maskedFrame(text) {
  const payload = Buffer.from(text);
  const head =
    payload.length < LENGTH_16
      ? [FINAL_TEXT, MASKED | payload.length]
      : [FINAL_TEXT, MASKED | LENGTH_16, payload.length >> 8, payload.length & 0xff];
  for (let i = 0; i < payload.length; i++) payload[i] ^= MASK[i % MASK_BYTES];
  return Buffer.concat([Buffer.from([...head, ...MASK]), payload]);
}

/** One sender's chat messages: copies of one masked frame, in which only the digits of the messageId change. */
export class ChatFrames {
  #template;
  #counterAt;
  #counterInPayload;
  #count = 0;

  /**
   * @param {import('./dialects.mjs').Dialect} dialect
   * @param {{ roomSlug: string, message: string, idPrefix: string }} chat
   */
  constructor(dialect, { roomSlug, message, idPrefix }) {
    const text = dialect.chat(roomSlug, message, idPrefix + COUNTER_PLACE);
    this.#template = maskedFrame(text);
    this.#counterInPayload = Buffer.from(text).indexOf(COUNTER_PLACE);
    this.#counterAt = this.#template.length - Buffer.byteLength(text) + this.#counterInPayload;
  }

  /** @param {number} howMany @returns {Buffer} that many frames, one after another */
  next(howMany) {
    const { length } = this.#template;
    const frames = Buffer.allocUnsafe(length * howMany);
    for (let i = 0; i < howMany; i++) {
      this.#template.copy(frames, i * length);
      this.#writeCounter(frames, i * length + this.#counterAt);
    }
    return frames;
  }

  /** @param {Buffer} frames @param {number} at */
  #writeCounter(frames, at) {
    let rest = ++this.#count;
    for (let digit = COUNTER_DIGITS - 1; digit >= 0; digit--) {
      frames[at + digit] = (DIGIT_ZERO + (rest % 10)) ^ MASK[(this.#counterInPayload + digit) % MASK_BYTES];
      rest = Math.floor(rest / 10);
    }
  }
}
