/**
 * Builds whole server-to-client WebSocket frames (RFC 6455, section 5.2: final, not masked, not compressed), so
 * that a frame for a thousand members is made once and many frames leave in one write. This is sound only while
 * no connection negotiates compression, which `SocketHub` never lets one do.
 */
const FINAL_TEXT = 0x81;
const FINAL_PING = 0x89;
const LENGTH_16 = 126;
const LENGTH_64 = 127;

/** A text frame of `text`. */
export function encodeTextFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const headerLength = length < LENGTH_16 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(headerLength + length);
  frame[0] = FINAL_TEXT;
  if (headerLength === 2) {
    frame[1] = length;
  } else if (headerLength === 4) {
    frame[1] = LENGTH_16;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = LENGTH_64;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, headerLength, 'utf8');
  return frame;
}

/** A text frame of `message` as JSON. */
export function encodeFrame(message: object): Buffer {
  return encodeTextFrame(JSON.stringify(message));
}

/** A native ping frame without payload. */
export const NATIVE_PING: Buffer = Buffer.from([FINAL_PING, 0]);
