import { Buffer } from 'node:buffer';
import { TextDecoder } from 'node:util';

const TEXT = 0x81;
const CLOSE = 0x88;
const CONTROL = new Set([0x89, 0x8a]);
const NO_CODE = 1005;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Of each type, the keys that the protocol shows, `type` and `timestamp` apart. */
const KEYS = new Map(
  Object.entries({
    auth_success: ['message', 'user'],
    auth_error: ['message'],
    ping: [],
    room_joined: ['message', 'roomSlug', 'userCount'],
    room_left: ['roomSlug'],
    user_joined: ['data', 'roomSlug'],
    user_left: ['data'],
    message_sent: ['messageId', 'roomSlug'],
    new_message: ['data', 'roomSlug'],
  }).map(([type, keys]) => [type, [...keys, 'type', ...(type === 'ping' ? [] : ['timestamp'])].sort().join()]),
);

/** What a client may be told. Not among them: that the server failed. */
const ERRORS = new Set([
  'Invalid message format',
  'Not authenticated',
  'Already authenticated',
  'Room not found or access denied',
  'Too many rooms',
  'Failed to send message',
]);

/**
 * The frames that are complete, and the bytes behind them.
 *
 * @param {Buffer} bytes
 * @throws Error for anything that the server must not send
 */
export function readServerFrames(bytes) {
  /** @type {import('./bare-client.mjs').Frame[]} */
  const frames = [];
  let offset = 0;
  while (bytes.length >= offset + 2) {
    const { start, end } = payloadAt(bytes, offset);
    if (end > bytes.length) break;
    const payload = bytes.subarray(start, end);
    const first = bytes[offset];
    offset = end;
    if (first === TEXT) frames.push(checked(utf8.decode(payload)));
    else if (first === CLOSE) {
      if (bytes.length > end) throw new Error('bytes behind a close frame');
      return { frames, closeCode: payload.length < 2 ? NO_CODE : payload.readUInt16BE(0), rest: Buffer.alloc(0) };
    } else if (first === undefined || !CONTROL.has(first)) throw new Error(`a frame that begins with ${first}`);
  }
  return { frames, closeCode: undefined, rest: bytes.subarray(offset) };
}

/** @param {Buffer} bytes @param {number} offset */
function payloadAt(bytes, offset) {
  const length = /** @type {number} */ (bytes[offset + 1]);
  if (length > 127) throw new Error('a masked frame of the server');
  if (length < 126) return { start: offset + 2, end: offset + 2 + length };
  const start = offset + (length === 126 ? 4 : 10);
  if (bytes.length < start) return { start, end: Infinity };
  const size = length === 126 ? bytes.readUInt16BE(offset + 2) : Number(bytes.readBigUInt64BE(offset + 2));
  return { start, end: start + size };
}

/** @param {string} text @returns {import('./bare-client.mjs').Frame} */
function checked(text) {
  const frame = JSON.parse(text);
  const keys = Object.keys(frame).sort().join();
  const isKnown = frame.type === 'error' ? ERRORS.has(frame.message) && isError(keys) : KEYS.get(frame.type) === keys;
  if (!isKnown) throw new Error(`an unexpected frame: ${text.slice(0, 300)}`);
  return frame;
}

/** @param {string} keys */
function isError(keys) {
  return keys === 'message,timestamp,type' || keys === 'message,messageId,timestamp,type';
}
