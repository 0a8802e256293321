/**
 * Builds whole server-to-client WebSocket frames (RFC 6455, section 5.2: final, not masked, not compressed), so
 * that a frame for a thousand members is made once and many frames leave in one write. This is sound only while
 * no connection negotiates compression, which `SocketHub` never lets one do.
 */
export const FINAL_TEXT = 0x81;
export const FINAL_PING = 0x89;
export const FINAL_PONG = 0x8a;
export const LENGTH_16 = 126;
const LENGTH_64 = 127;

/** One text frame for each of `texts`, one behind the other in one buffer. */
export function encodeTextFrames(texts: readonly string[]): Buffer {
  const lengths = texts.map((text) => Buffer.byteLength(text));
  const frames = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + headerLength(length) + length, 0));
  let offset = 0;
  for (const [i, text] of texts.entries()) {
    const length = lengths[i] as number;
    offset = writeHeader(frames, offset, length);
    // Text that takes a byte a character is copied as it is, which is several times as fast.
    offset += frames.write(text, offset, length === text.length ? 'latin1' : 'utf8');
  }
  return frames;
}

/** From this size on, bytes that many connections share are cheaper to hand over as they are than to copy. */
const LARGE_PIECE = 16_384;

/** The same bytes in as few pieces as there can be without copying large ones. */
export function joinSmall(pieces: readonly Buffer[]): readonly Buffer[] {
  if (pieces.length === 1) return pieces;
  const joined: Buffer[] = [];
  let small: Buffer[] = [];
  for (const piece of pieces) {
    if (piece.length < LARGE_PIECE) {
      small.push(piece);
      continue;
    }
    if (small.length > 0) joined.push(Buffer.concat(small));
    small = [];
    joined.push(piece);
  }
  if (small.length > 0) joined.push(Buffer.concat(small));
  return joined;
}

/** Where each frame in `encoded` ends; undefined where it is anything but whole frames as `encodeTextFrames` makes them. */
export function frameEnds(encoded: Buffer): number[] | undefined {
  const ends: number[] = [];
  for (let end = 0; end < encoded.length;) {
    end = endOfFrame(encoded, end);
    if (end > encoded.length) return undefined;
    ends.push(end);
  }
  return ends;
}

/** @returns the offset behind the frame, as its header says; `Infinity` where there is no header of ours */
function endOfFrame(encoded: Buffer, start: number): number {
  const left = encoded.length - start;
  const length = encoded[start + 1] ?? 0;
  if (encoded[start] !== FINAL_TEXT || left < 2 || length > LENGTH_64) return Infinity;
  if (length < LENGTH_16) return start + 2 + length;
  if (length === LENGTH_16) return left < 4 ? Infinity : start + 4 + encoded.readUInt16BE(start + 2);
  return left < 10 ? Infinity : start + 10 + Number(encoded.readBigUInt64BE(start + 2));
}

function headerLength(length: number): number {
  if (length < LENGTH_16) return 2;
  return length < 65_536 ? 4 : 10;
}

/** @returns the offset behind the header */
function writeHeader(frame: Buffer, offset: number, length: number): number {
  frame[offset] = FINAL_TEXT;
  switch (headerLength(length)) {
    case 2:
      frame[offset + 1] = length;
      return offset + 2;
    case 4:
      frame[offset + 1] = LENGTH_16;
      return frame.writeUInt16BE(length, offset + 2);
    default:
      frame[offset + 1] = LENGTH_64;
      return frame.writeBigUInt64BE(BigInt(length), offset + 2);
  }
}

/** A text frame of `message` as JSON. */
export function encodeFrame(message: object): Buffer {
  return encodeTextFrames([JSON.stringify(message)]);
}

/** The native pong frame that answers a ping with `payload`, of 125 bytes at most. */
export function encodePong(payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from([FINAL_PONG, payload.length]), payload]);
}

/** A native ping frame without payload. */
export const NATIVE_PING: Buffer = Buffer.from([FINAL_PING, 0]);
