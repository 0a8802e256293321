import { isUtf8 } from 'node:buffer';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { FINAL_PING, FINAL_PONG, FINAL_TEXT, LENGTH_16 } from './frame-encoder.js';

const MASKED = 0x80;
const MASK_BYTES = 4;
/** As many bytes of a plain frame tell its size. */
const SIZED_BY = 4;

/** The size of a frame of which too little is there to tell. */
const NOT_YET = -1;
/** The "size" of anything but a plain frame: a part of a message, binary, closing, too long, or no frame at all. */
const NOT_PLAIN = -2;

const NOTHING = Buffer.alloc(0);
/** What decoding puts in place of bytes that are not UTF-8. */
const REPLACEMENT = '\ufffd';

/**
 * Reads one client's messages (CONN-2). Nearly all of them are plain text frames that arrive whole: they are read here,
 * which costs much less than in `ws` (docs/performance.md). Everything else is for `ws`: a ping, a pong and a frame
 * that arrives in parts each by itself, and from the first frame on that is not plain, all that comes. So `ws` stays
 * the judge of what the protocol allows, and always stands between two frames when it is passed over.
 */
export class FrameReader {
  /** What `ws` reads with. */
  private readonly passOn: (chunk: Buffer) => void;
  /** The first bytes of the frame that `ws` is in, while they do not tell its size. */
  private head = NOTHING;
  /** Bytes that `ws` still needs for the frame that it is in. */
  private owed = 0;
  /** That frame is a message, of which `ws` has not told yet. */
  private owesMessage = false;

  /**
   * @param socket the stream that `ws` reads; from now on it is read here
   * @param maxPayload bytes that a message may have
   * @param onMessage takes the text of each; null for a binary message
   */
  constructor(
    ws: WebSocket,
    private readonly socket: Duplex,
    private readonly maxPayload: number,
    private readonly onMessage: (text: string | null) => void,
  ) {
    this.passOn = socket.listeners('data')[0] as (chunk: Buffer) => void;
    ws.on('message', (data, isBinary) => {
      this.owesMessage = false;
      onMessage(isBinary ? null : (data as Buffer).toString());
    });
    // A protocol violation: ws closes the connection with the code that fits it, and takes nothing more.
    ws.on('error', () => socket.off('data', this.read));
    socket.on('data', this.read);
    socket.off('data', this.passOn);
  }

  private readonly read = (chunk: Buffer): void => {
    let start = this.owed > 0 || this.head.length > 0 ? this.continueFrame(chunk) : 0;
    while (start < chunk.length) start = this.readFrame(chunk, start);
  };

  /** @returns where the next frame starts */
  private readFrame(chunk: Buffer, start: number): number {
    const size = this.sizeOfFrame(chunk, start);
    if (size === NOT_PLAIN) return this.leaveToWs(chunk, start);
    const isText = chunk[start] === FINAL_TEXT;
    if (isText && size !== NOT_YET && start + size <= chunk.length) {
      const text = takeText(chunk, start, start + size);
      if (text === undefined) return this.leaveToWs(chunk, start);
      this.onMessage(text);
      return start + size;
    }
    this.owesMessage = isText;
    if (size === NOT_YET) {
      this.head = Buffer.from(chunk.subarray(start));
      return this.pass(chunk, start, chunk.length);
    }
    this.owed = size;
    return this.passOwed(chunk, start);
  }

  /** The same for the rest of a frame whose beginning `ws` has. */
  private continueFrame(chunk: Buffer): number {
    if (this.head.length > 0) {
      const head = Buffer.concat([this.head, chunk.subarray(0, SIZED_BY)]);
      const size = this.sizeOfFrame(head, 0);
      if (size === NOT_PLAIN) return this.leaveToWs(chunk, 0);
      if (size === NOT_YET) {
        this.head = head;
        return this.pass(chunk, 0, chunk.length);
      }
      this.owed = size - this.head.length;
      this.head = NOTHING;
    }
    return this.passOwed(chunk, 0);
  }

  private passOwed(chunk: Buffer, start: number): number {
    const end = Math.min(start + this.owed, chunk.length);
    this.owed -= end - start;
    this.pass(chunk, start, end);
    const isRefused = this.owed === 0 && this.owesMessage;
    return isRefused ? this.leaveToWs(chunk, end) : end;
  }

  private pass(chunk: Buffer, start: number, end: number): number {
    this.passOn.call(this.socket, chunk.subarray(start, end));
    return end;
  }

  /** From here on `ws` reads by itself. */
  private leaveToWs(chunk: Buffer, start: number): number {
    this.socket.on('data', this.passOn);
    this.socket.off('data', this.read);
    return this.pass(chunk, start, chunk.length);
  }

  /** Bytes of the frame at `start`, its header included, or `NOT_YET` or `NOT_PLAIN`. */
  private sizeOfFrame(chunk: Buffer, start: number): number {
    const left = chunk.length - start;
    if (left < 2) return NOT_YET;
    const opening = chunk[start] as number;
    const length = (chunk[start + 1] as number) - MASKED;
    const isControl = opening === FINAL_PING || opening === FINAL_PONG;
    if (length < 0 || length > LENGTH_16 || (opening !== FINAL_TEXT && !isControl)) return NOT_PLAIN;
    if (length < LENGTH_16) return isControl || length <= this.maxPayload ? 2 + MASK_BYTES + length : NOT_PLAIN;
    if (isControl) return NOT_PLAIN;
    if (left < SIZED_BY) return NOT_YET;
    const length16 = chunk.readUInt16BE(start + 2);
    return length16 <= this.maxPayload ? SIZED_BY + MASK_BYTES + length16 : NOT_PLAIN;
  }
}

/** The text of the whole text frame from `start` to `end`, whose bytes it unmasks; undefined, and unchanged, where it is not UTF-8. */
function takeText(chunk: Buffer, start: number, end: number): string | undefined {
  const from = start + (chunk[start + 1] === MASKED + LENGTH_16 ? SIZED_BY : 2) + MASK_BYTES;
  unmask(chunk, from, end);
  const text = chunk.toString('utf8', from, end);
  if (!text.includes(REPLACEMENT) || isUtf8(chunk.subarray(from, end))) return text;
  unmask(chunk, from, end);
  return undefined;
}

/** Unmasks bytes, which follow their mask; twice is not at all. */
function unmask(bytes: Buffer, from: number, end: number): void {
  const mask = from - MASK_BYTES;
  for (let i = from; i < end; i++) bytes[i] = (bytes[i] as number) ^ (bytes[mask + ((i - from) & 3)] as number);
}
