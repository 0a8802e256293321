import { Buffer } from 'node:buffer';

export const OPCODE = /** @type {const} */ ({ continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 });

/** Any but zeros: a receiver that does not unmask would read something else. */
const MASK = Buffer.from([0x5a, 0x17, 0xe3, 0x91]);
const LENGTH_16 = 126;
const LENGTH_64 = 127;

/**
 * @typedef {object} Oddities what an honest client would do otherwise
 * @property {boolean} [isFinal] true unless told otherwise
 * @property {number} [reserved] the three reserved bits
 * @property {boolean} [isMasked] true unless told otherwise
 * @property {bigint} [claims] a length other than the payload's
 * @property {'7' | '16' | '64'} [lengthBits] a longer form than the length needs
 */

/**
 * One WebSocket frame of a client (RFC 6455, section 5.2), or what a hostile one would make of it.
 *
 * @param {number} opcode
 * @param {string | Buffer} payload
 * @param {Oddities} [oddities]
 * @returns {Buffer}
 */
export function clientFrame(
  opcode,
  payload = '',
  { isFinal = true, reserved = 0, isMasked = true, claims, lengthBits } = {},
) {
  const bytes = Buffer.from(payload);
  const length = claims ?? BigInt(bytes.length);
  const first = (isFinal ? 0x80 : 0) | (reserved << 4) | opcode;
  const head = lengthField(length, lengthBits ?? shortestForm(length));
  head[0] = /** @type {number} */ (head[0]) | (isMasked ? 0x80 : 0);
  const body = isMasked ? [MASK, masked(bytes)] : [bytes];
  return Buffer.concat([Buffer.from([first]), head, ...body]);
}

/** A close frame with a code. @param {number} code @param {string | Buffer} [reason] */
export function closeFrame(code, reason = '') {
  const payload = Buffer.alloc(2);
  payload.writeUInt16BE(code);
  return clientFrame(OPCODE.close, Buffer.concat([payload, Buffer.from(reason)]));
}

/** @param {bigint} length */
function shortestForm(length) {
  if (length < BigInt(LENGTH_16)) return '7';
  return length < 65_536n ? '16' : '64';
}

/** @param {bigint} length @param {'7' | '16' | '64'} bits */
function lengthField(length, bits) {
  if (bits === '7') return Buffer.from([Number(length)]);
  const field = Buffer.alloc(bits === '16' ? 3 : 9);
  field[0] = bits === '16' ? LENGTH_16 : LENGTH_64;
  if (bits === '16') field.writeUInt16BE(Number(length), 1);
  else field.writeBigUInt64BE(length, 1);
  return field;
}

/** @param {Buffer} bytes */
function masked(bytes) {
  return bytes.map((byte, i) => byte ^ /** @type {number} */ (MASK[i % MASK.length]));
}
