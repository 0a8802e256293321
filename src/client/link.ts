import { frameOf, type Frame } from './frames.js';

/** What is needed of a WebSocket: the browser's, that of `ws`, or another like them. */
export interface WebSocketLike {
  send(data: string): void;
  close(code?: number): void;
  addEventListener(type: 'open' | 'error', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: { code: number }) => void): void;
}

export type WebSocketConstructor = new (url: string) => WebSocketLike;

interface LinkOwner {
  /** The link is open. */
  opened(link: Link): void;
  received(link: Link, frame: Frame): void;
  /** @param code the close code, 1006 without a close frame */
  ended(link: Link, code: number): void;
  /** Every 5 s. */
  ticked(link: Link): void;
}

const TICK_MS = 5_000;
const OPENING_MS = 15_000;
const NORMAL = 1000;
const NO_CLOSE_FRAME = 1006;

/** One WebSocket, watched: a link on which nothing is heard for too long is over, whatever the socket says. */
export class Link {
  /** How long nothing may be heard, in milliseconds. Until the first answer, that of the opening. */
  silence = OPENING_MS;
  readonly #socket: WebSocketLike;
  readonly #ticks: ReturnType<typeof setInterval>;
  #deadline = Date.now() + OPENING_MS;

  constructor(
    WebSocket: WebSocketConstructor,
    url: string,
    private readonly owner: LinkOwner,
  ) {
    this.#socket = new WebSocket(url);
    this.#ticks = setInterval(() => this.#tick(), TICK_MS);
    this.#socket.addEventListener('open', () => owner.opened(this));
    // `close` follows and tells enough, but Node ends a process for an error that nobody listens to.
    this.#socket.addEventListener('error', () => undefined);
    this.#socket.addEventListener('close', ({ code }) => this.#end(code));
    this.#socket.addEventListener('message', ({ data }) => {
      this.#deadline = Date.now() + this.silence;
      const frame = frameOf(data);
      if (frame !== undefined) owner.received(this, frame);
    });
  }

  send(text: string): void {
    this.#socket.send(text);
  }

  /** Something must be heard within 5 s, or at once where the silence was long: the machine may have slept. */
  probe(frame: string): void {
    this.#tick();
    this.#deadline = Math.min(this.#deadline, Date.now() + TICK_MS);
    this.send(frame);
  }

  close(code = NORMAL): void {
    clearInterval(this.#ticks);
    this.#socket.close(code);
  }

  /** A silent link is left behind: closing it takes an answer that does not come. */
  #tick(): void {
    if (Date.now() > this.#deadline) this.fail();
    else this.owner.ticked(this);
  }

  fail(): void {
    this.close();
    this.#end(NO_CLOSE_FRAME);
  }

  #end(code: number): void {
    clearInterval(this.#ticks);
    this.owner.ended(this, code);
  }
}
