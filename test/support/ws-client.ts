import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocket, type ClientOptions, type RawData } from 'ws';
import { auth, chatMessage, joinRoom, leaveRoom, resumeRoom } from './client-frames.js';
import { unique } from './unique.js';
import { bounded } from './waiting.js';

export interface Frame {
  readonly type: string;
  readonly [field: string]: unknown;
}

export interface Close {
  readonly code: number;
  readonly reason: string;
}

const PATIENCE_MS = 10_000;
const SHOWN_FRAMES = 12;

/**
 * A client that queues every frame from its birth on, so that no test can miss one.
 * Heartbeats are counted apart; everything else must be asked for, or shows up in `barrier()`.
 */
export class TestClient {
  /** Every frame but heartbeats that ever came, also those already taken from the queue. */
  readonly received: Frame[] = [];
  readonly closed: Promise<Close>;
  /** JSON `ping` frames and native pings so far (BEAT-1). */
  readonly jsonPings: Frame[] = [];
  nativePings = 0;

  private queue: Frame[] = [];
  private closedAs: Close | undefined;
  private transport: Socket | undefined;
  private readonly changes = new EventEmitter();

  private constructor(private readonly socket: WebSocket) {
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        this.closedAs = { code, reason: reason.toString() };
        resolve(this.closedAs);
        this.changes.emit('change');
      });
    });
    socket.on('upgrade', (response: IncomingMessage) => (this.transport = response.socket));
    socket.on('message', (data, isBinary) => {
      this.take(isBinary ? { type: '(a binary frame)' } : parsedFrame(data));
    });
    socket.on('ping', () => {
      this.nativePings += 1;
      this.changes.emit('change');
    });
    // A reset shows as close code 1006; a refused upgrade rejects `connect`.
    socket.on('error', () => undefined);
  }

  /** Resolves when the connection is open, rejects with the HTTP status when the upgrade is refused. */
  static async connect(url: string, options: ClientOptions = {}): Promise<TestClient> {
    const socket = new WebSocket(url, options);
    const client = new TestClient(socket);
    const opened = new Promise<TestClient>((resolve, reject) => {
      socket.on('open', () => {
        resolve(client);
      });
      socket.on('error', reject);
    });
    return bounded(opened, `Connecting to ${url}`);
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  /** The server's choice among the extensions that the client offered. */
  get extensions(): string {
    return this.socket.extensions;
  }

  /** Sends a frame as JSON, or a string or bytes as they are. */
  send(frame: object | string | Buffer): void {
    this.socket.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame));
  }

  /** Writes all frames with one system call, so that they arrive in one TCP segment (as far as they fit). */
  sendTogether(...frames: (object | string)[]): void {
    this.tcp.cork();
    for (const frame of frames) this.send(frame);
    this.tcp.uncork();
  }

  /** Takes the next frame, whatever it is. */
  async next(within = PATIENCE_MS): Promise<Frame> {
    return this.nextWhere('any frame', () => true, within);
  }

  /** Takes so many frames, in the order they came. */
  async nextFew(count: number, within = PATIENCE_MS): Promise<Frame[]> {
    await this.until(`${count} frames`, () => this.queue.length >= count, within);
    return this.queue.splice(0, count);
  }

  /** Takes the first frame of that type; others stay in the queue. */
  async nextOfType(type: string, within = PATIENCE_MS): Promise<Frame> {
    return this.nextWhere(`a "${type}" frame`, (frame) => frame.type === type, within);
  }

  /** Takes the first frame for which it is true; others stay in the queue. */
  async nextWhere(what: string, wanted: (frame: Frame) => boolean, within = PATIENCE_MS): Promise<Frame> {
    await this.until(what, () => this.queue.some(wanted), within);
    const [found] = this.queue.splice(this.queue.findIndex(wanted), 1);
    return found!;
  }

  /** Waits until the condition holds; looks again at every frame, ping and close. */
  async until(what: string, condition: () => boolean, within = PATIENCE_MS): Promise<void> {
    const deadline = Date.now() + within;
    while (!condition()) {
      const left = deadline - Date.now();
      if (this.closedAs !== undefined || left <= 0) throw new Error(this.complaint(what, within));
      await this.change(left);
    }
  }

  /** Takes what is in the queue now, without waiting. */
  takeAll(): Frame[] {
    return this.queue.splice(0);
  }

  /**
   * Takes all frames that came before the answer to one of our own, on an authenticated connection: leaving a room that
   * was never joined always answers `room_left` and tells nobody (ROOM-6).
   */
  async barrier(): Promise<Frame[]> {
    const roomSlug = unique('barrier');
    this.send(leaveRoom(roomSlug));
    const isAnswer = (frame: Frame) => frame.type === 'room_left' && frame['roomSlug'] === roomSlug;
    await this.until('the answer to the barrier', () => this.queue.some(isAnswer));
    const before = this.queue.splice(0, this.queue.findIndex(isAnswer) + 1);
    return before.slice(0, -1);
  }

  /** Authenticates and takes the answer. */
  async authenticate(token: string): Promise<Frame> {
    this.send(auth(token));
    return this.nextOfType('auth_success');
  }

  /** Joins and takes the answer. */
  async join(roomSlug: string): Promise<Frame> {
    this.send(joinRoom(roomSlug));
    return this.nextWhere(`room_joined of ${roomSlug}`, isAbout('room_joined', roomSlug));
  }

  /** Joins by protocol 2 with the highest id seen, and takes the answer; what was missed stays in the queue. */
  async resume(roomSlug: string, after: number): Promise<Frame> {
    this.send(resumeRoom(roomSlug, after));
    return this.nextWhere(`room_joined of ${roomSlug}`, isAbout('room_joined', roomSlug));
  }

  /** Leaves and takes the answer. */
  async leave(roomSlug: string): Promise<Frame> {
    this.send(leaveRoom(roomSlug));
    return this.nextWhere(`room_left of ${roomSlug}`, isAbout('room_left', roomSlug));
  }

  /** Sends a chat message and takes both answers; gives the `message_sent` and the own `new_message`. */
  async say(roomSlug: string, message: string, messageId = unique('said')): Promise<[sent: Frame, own: Frame]> {
    this.send(chatMessage(roomSlug, message, messageId));
    const sent = await this.nextWhere(`message_sent of ${messageId}`, (frame) => isAcknowledgement(frame, messageId));
    const own = await this.nextWhere(`new_message of ${messageId}`, (frame) => messageIdOf(frame) === messageId);
    return [sent, own];
  }

  /** Waits until the connection is closed, by whichever side. */
  async end(within = PATIENCE_MS): Promise<Close> {
    return bounded(this.closed, 'The end of the connection', within).catch(() => {
      throw new Error(this.complaint('the connection to be closed', within));
    });
  }

  /** Closes as a browser does, and waits for the end. */
  async close(code?: number): Promise<Close> {
    this.socket.close(code);
    return this.end();
  }

  /** The connection is gone, without a close frame. */
  drop(): void {
    this.socket.terminate();
  }

  /** Like `drop`, with a TCP reset. */
  reset(): void {
    this.tcp.resetAndDestroy();
  }

  /** Reads nothing more from the network until `resumeReading`. */
  pauseReading(): void {
    this.socket.pause();
  }

  resumeReading(): void {
    this.socket.resume();
  }

  /** Writes bytes past the WebSocket framing. */
  writeRaw(bytes: Buffer): void {
    this.tcp.write(bytes);
  }

  private get tcp(): Socket {
    if (this.transport === undefined) throw new Error('The connection is not open yet');
    return this.transport;
  }

  private take(frame: Frame): void {
    if (frame.type === 'ping') this.jsonPings.push(frame);
    else {
      this.received.push(frame);
      this.queue.push(frame);
    }
    this.changes.emit('change');
  }

  private async change(within: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.changes.off('change', done);
        resolve();
      };
      const timer = setTimeout(done, within);
      this.changes.on('change', done);
    });
  }

  private complaint(what: string, within: number): string {
    const state = this.closedAs === undefined ? 'open' : `closed with ${this.closedAs.code} "${this.closedAs.reason}"`;
    const last = (frames: Frame[]) => frames.slice(-SHOWN_FRAMES).map((frame) => JSON.stringify(frame).slice(0, 300));
    return [
      `Expected ${what} within ${within} ms; the connection is ${state}.`,
      `Waiting in the queue (${this.queue.length}):`,
      ...last(this.queue),
      `Received in all (${this.received.length}), the last:`,
      ...last(this.received),
    ].join('\n');
  }
}

export function isAbout(type: string, roomSlug: string): (frame: Frame) => boolean {
  return (frame) => frame.type === type && frame['roomSlug'] === roomSlug;
}

/** The `data` of a frame; empty where it has none. */
export function dataOf(frame: Frame): Readonly<Record<string, unknown>> {
  const { data } = frame;
  return typeof data === 'object' && data !== null ? { ...data } : {};
}

/** The id of a `new_message`; NaN for other frames. */
export function idOf(frame: Frame): number {
  return frame.type === 'new_message' ? Number(dataOf(frame)['id']) : NaN;
}

/** Ids of the messages that a client was given until now, in the order in which they came. */
export function idsSeenBy({ received }: TestClient): number[] {
  return received.map(idOf).filter((id) => !Number.isNaN(id));
}

/** The messageId of a `new_message`; undefined for other frames. */
export function messageIdOf(frame: Frame): unknown {
  return frame.type === 'new_message' ? dataOf(frame)['slug'] : undefined;
}

export function isAcknowledgement(frame: Frame, messageId: string): boolean {
  return frame.type === 'message_sent' && frame['messageId'] === messageId;
}

function parsedFrame(data: RawData): Frame {
  const text = Buffer.isBuffer(data) ? data.toString() : '';
  try {
    const value: unknown = JSON.parse(text);
    if (isFrame(value)) return value;
  } catch {
    // Falls through to what shows in the test's diff.
  }
  return { type: '(not a frame)', text };
}

export function isFrame(value: unknown): value is Frame {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
