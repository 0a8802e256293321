import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { CLOSE_CODE, type ServerFrame } from '../protocol/index.js';
import { flushAfterThisTurn, type Flushable } from './flush-queue.js';
import { encodeTextFrames, joinSmall } from './frame-encoder.js';
import type { LivenessClock } from './liveness-clock.js';
import type { Session } from './session.js';
import { terminateInTurn } from './termination-queue.js';
import type { Traffic } from './traffic.js';

/** How a connection ended: for good, or so that its user may well be back in a moment (ROOM-7). */
export type Departure = 'left' | 'dropped';

/** What a client's close frame says when it leaves for good; 1005 stands for "no code". */
const LEAVING_CLOSE_CODES: ReadonlySet<number> = new Set([1000, 1001, 1005]);

const NOTHING = Buffer.alloc(0);

/** What every connection of a process shares. */
export interface ConnectionContext {
  readonly clock: LivenessClock;
  readonly traffic: Traffic;
  /** LIMIT-3: bytes that may wait for one connection. */
  readonly sendBufferBytes: number;
}

/**
 * One client's socket, as the rest of the server sees it: who it is, when it was last heard, and a way to send.
 * Frames sent during a turn of the event loop leave together at its end, in the order sent.
 */
export class Connection implements Flushable {
  /** Set by `ConnectionRegistry.authenticate`; undefined before `auth`. */
  session: Session | undefined;
  /** The version that it speaks: 2 once an `auth` has asked for it, for good (V2-1). */
  protocol: 1 | 2 = 1;
  /** Milliseconds since the epoch. */
  readonly openedAt = Date.now();
  /** When it last sent a frame that was more than a sign of life, on `performance.now()` (LIMIT-2). */
  activeAt = performance.now();

  /** Requests taken in whose outcome the client has not been told yet. */
  unsettled = 0;

  /** When it last gave any sign of life, on the `LivenessClock`. */
  private seenAt: number;
  private reads = true;
  private outbox: Buffer[] = [];
  private outboxBytes = 0;
  /** What follows the outbox, to be encoded together. */
  private texts: string[] = [];
  private willFlush = false;
  /** An earlier write has not been taken by the system yet: what comes now waits in the outbox. */
  private isHeld = false;
  /** How much of the outbox is older than this turn. */
  private heldBytes = 0;
  private name: string | undefined;
  private closing = false;
  private retired = false;
  private closedAs: Departure = 'dropped';

  /**
   * @param ws the protocol's machine: reads frames and does the closing handshake
   * @param socket the stream below it, to which ready-made frames are written
   * @param address whom it counts against among `AddressLimits`
   */
  constructor(
    private readonly ws: WebSocket,
    private readonly socket: Duplex,
    private readonly context: ConnectionContext,
    readonly address: string,
  ) {
    this.seenAt = context.clock.now;
  }

  /** What its client knows it by (V2-1). */
  get id(): string {
    return (this.name ??= randomUUID());
  }

  /** False once either side has begun to close. */
  get isOpen(): boolean {
    return !this.closing && this.ws.readyState === this.ws.OPEN;
  }

  /** Whether new requests are taken from it. */
  get isServed(): boolean {
    return this.isOpen && !this.retired;
  }

  /** Stops reading from the client, who is not to blame for the silence that follows (BEAT-2). */
  pause(): void {
    this.ws.pause();
    this.reads = false;
  }

  resume(): void {
    if (this.reads) return;
    this.ws.resume();
    this.reads = true;
    this.sawLife();
  }

  /** How long nothing has been heard of the client, in milliseconds on the `LivenessClock`. */
  get silence(): number {
    return this.reads ? this.context.clock.now - this.seenAt : 0;
  }

  sawLife(): void {
    this.seenAt = this.context.clock.now;
  }

  send(frame: ServerFrame): void {
    this.sendText(JSON.stringify(frame));
  }

  /** Sends the answer to a frame, with the `requestId` that the frame had (V2-2). */
  answer(frame: ServerFrame, requestId: string | undefined): void {
    const isNamed = requestId !== undefined && this.protocol !== 1;
    this.sendText(JSON.stringify(isNamed ? { ...frame, requestId } : frame));
  }

  /** Sends a frame, given as JSON, that is for this connection alone. */
  sendText(text: string): void {
    if (!this.isOpen) return;
    this.texts.push(text);
    this.sent(1);
  }

  /**
   * Sends one or more ready-made frames. `encoded` may be shared by many connections and is not changed.
   *
   * @param frames how many frames `encoded` holds
   */
  sendEncoded(encoded: Buffer, frames = 1): void {
    this.sendPieces([encoded], frames);
  }

  /** The same in pieces that follow one another. */
  sendPieces(pieces: readonly Buffer[], frames: number): void {
    if (!this.isOpen) return;
    this.encodeTexts();
    for (const piece of pieces) this.gather(piece);
    this.sent(frames);
  }

  /** Sends a ready-made frame that may be missed: not to a client for whom an earlier one still waits. */
  sendIfIdle(encoded: Buffer): void {
    if (this.socket.writableLength === 0) this.sendEncoded(encoded);
    else this.context.traffic.writesShed += 1;
  }

  private sent(frames: number): void {
    this.context.traffic.framesOut += frames;
    if (this.willFlush) return;
    this.willFlush = true;
    flushAfterThisTurn(this);
  }

  private encodeTexts(): void {
    if (this.texts.length === 0) return;
    this.gather(encodeTextFrames(this.texts));
    this.texts = [];
  }

  private gather(encoded: Buffer): void {
    this.outbox.push(encoded);
    this.outboxBytes += encoded.length;
  }

  /**
   * Writes what this turn gathered. While an earlier write still waits for the client to read, it is kept together here,
   * as one write to come instead of many; once too much of earlier turns waits, the client is cut off (LIMIT-3).
   */
  flush(): void {
    this.willFlush = false;
    this.encodeTexts();
    if (this.outboxBytes === 0) return;
    if (this.socket.writableLength > 0) this.hold();
    else this.write();
  }

  private write(): void {
    if (this.outboxBytes === 0) return;
    const { outbox, outboxBytes, socket } = this;
    this.discardOutbox();
    this.context.traffic.bytesOut += outboxBytes;
    if (!socket.writable) return;
    const pieces = joinSmall(outbox);
    if (pieces.length === 1) {
      socket.write(pieces[0]);
      return;
    }
    socket.cork();
    for (const piece of pieces) socket.write(piece);
    socket.uncork();
  }

  private hold(): void {
    if (!this.socket.writable) {
      this.discardOutbox();
      return;
    }
    if (this.socket.writableLength + this.heldBytes > this.context.sendBufferBytes) {
      this.cutOff();
      return;
    }
    this.heldBytes = this.outboxBytes;
    if (this.isHeld) return;
    this.isHeld = true;
    // Called once what stands before it is with the system.
    this.socket.write(NOTHING, () => {
      this.isHeld = false;
      this.flush();
    });
  }

  /** Ends it because its client does not read (LIMIT-3). */
  cutOff(): void {
    this.context.traffic.slowClientsCut += 1;
    this.context.traffic.writesShed += this.outbox.length;
    this.discardOutbox();
    this.close(CLOSE_CODE.tryAgainLater);
    terminateInTurn(this);
  }

  /** Resolves once the system has taken what was sent until now, or will never. */
  async taken(): Promise<void> {
    do {
      this.flush();
      if (!this.socket.writable) return;
      await new Promise((resolve) => this.socket.write(NOTHING, resolve));
    } while (this.outboxBytes > 0 || this.texts.length > 0);
  }

  /**
   * Begins to close: what was sent before goes out first, what comes from the client from now on is ignored.
   * A client that does not answer is cut off after the hub's close time-out.
   *
   * @param departure what it means for the rooms that the user was in
   */
  close(code: number, departure: Departure = 'dropped'): void {
    if (this.closing) return;
    this.encodeTexts();
    this.write();
    this.closing = true;
    this.closedAs = departure;
    this.ws.close(code);
  }

  /** Takes no further request, while the answers to those in hand still go out. */
  retire(): void {
    this.retired = true;
  }

  /** Ends it without a closing handshake. */
  terminate(): void {
    this.closing = true;
    this.discardOutbox();
    this.ws.terminate();
  }

  /**
   * How it ended, given the code that `ws` reports at the end: that of the client's close frame, or 1006 when
   * there was none. Where the server began, it is as the server said.
   */
  departureAfter(code: number): Departure {
    if (this.closing) return this.closedAs;
    return LEAVING_CLOSE_CODES.has(code) ? 'left' : 'dropped';
  }

  private discardOutbox(): void {
    this.outbox = [];
    this.outboxBytes = 0;
    this.texts = [];
    this.heldBytes = 0;
  }
}
