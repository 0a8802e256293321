import type { AuthSuccess, AuthSuccess2 } from '../protocol/index.js';
import { planAfter } from './close-policy.js';
import type { ConnectionState, OfflineReason } from './connection-state.js';
import { Emitter } from './emitter.js';
import { MilongaError } from './errors.js';
import type { Frame, UserEvent } from './frames.js';
import { Link, type WebSocketConstructor } from './link.js';
import { messageIdOf, Requests, type Answered, type Request } from './requests.js';

export interface ConnectionOptions {
  /** Where the socket is: `wss://host/ws`. A function is asked before every attempt. */
  readonly url: string | (() => string | Promise<string>);
  /**
   * The user's JWT. Asked before every attempt and when the one in use is about to expire. Throwing means "not now": it is
   * asked again later; null or undefined mean "signed out": the client stops.
   */
  readonly getToken: () => string | null | undefined | Promise<string | null | undefined>;
  /** For Node: the class of the package `ws`. */
  readonly WebSocket?: WebSocketConstructor;
}

/** A room's side of the connection. */
interface RoomPort {
  online(userId: number): void;
  offline(): void;
  received(frame: Frame): void;
}

export interface ConnectionEvents {
  state: ConnectionState;
  event: UserEvent;
}

/** After so long online the next loss is a new one: the back-off begins anew. */
const LASTING_MS = 10_000;
const SILENCE_MS = 45_000;
const ANSWER_MS = 30_000;
/** So that those who wake or come into reach together do not come in one moment. */
const HURRY_MS = 300;
const UNAUTHORIZED = 4401;
const AUTH_TIMEOUT = 4408;
/** Leaving a room that was never joined always answers, and tells nobody (ROOM-6). */
const PROBE = JSON.stringify({ type: 'leave_room', roomSlug: 'milonga-client-probe' });
const WAKING = ['online', 'pageshow', 'visibilitychange'];

const NORMAL = 1000;
const NO_CLOSE_FRAME = 1006;
const OFFLINE: ConnectionState = { status: 'offline', reason: 'network' };

/** Node has timers as browsers have, but no such events. */
const page: Partial<Pick<Window, 'addEventListener' | 'removeEventListener'>> = globalThis;

/** Gets a link, authenticates it, and gets another when it is lost. */
export class Connection {
  readonly events = new Emitter<ConnectionEvents>();
  /** By slug. */
  readonly rooms = new Map<string, RoomPort>();
  state: ConnectionState = { status: 'offline', reason: 'closed' };
  /** Whether the server speaks protocol 2. */
  isResumable = false;

  readonly #requests = new Requests();
  #link: Link | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Which dialling is the current one: `getToken` may answer when all has changed. */
  #dialling = 0;
  #attempt = 0;
  #token: string | undefined;
  /** The server said that the token is no good; the close is still to come. */
  #isRefused = false;
  #refusedToken: string | undefined;
  #slotAt: number | undefined;
  #onlineSince: number | undefined;
  readonly #wake = (): void => this.#woken();

  constructor(private readonly options: ConnectionOptions) {}

  get isOnline(): boolean {
    return this.state.status === 'online';
  }

  connect(): void {
    if (this.state.status !== 'offline') return;
    // An attempt that somebody asks for makes the next pause no longer.
    this.#attempt = Math.max(0, this.#attempt - 1);
    for (const type of WAKING) page.addEventListener?.(type, this.#wake);
    void this.#dial();
  }

  close(): void {
    this.#stop('closed');
  }

  /** Asks the server. Offline the answer is `connection_lost`, as it is when the connection is lost meanwhile. */
  request(request: Request, answered: Answered): void {
    if (this.isOnline) this.#link?.send(this.#requests.add(request, answered));
    else answered(new MilongaError('connection_lost', messageIdOf(request)));
  }

  /** Says something to which no answer matters; nothing when offline. */
  tell(frame: string): void {
    if (this.isOnline) this.#link?.send(frame);
  }

  async #dial(): Promise<void> {
    clearTimeout(this.#timer);
    const dialling = ++this.#dialling;
    this.#isRefused = false;
    this.#slotAt = undefined;
    this.#change({ status: 'connecting' });
    const { getToken, url, WebSocket = globalThis.WebSocket } = this.options;
    try {
      const token = await getToken();
      const address = typeof url === 'string' ? url : await url();
      if (dialling !== this.#dialling) return;
      if (token == null || token === this.#refusedToken) {
        this.#stop('unauthorized');
        return;
      }
      this.#token = token;
      this.#link = new Link(WebSocket, address, this.#owner);
    } catch (error) {
      if (dialling === this.#dialling) this.#ended(NO_CLOSE_FRAME, error);
    }
  }

  readonly #owner = {
    opened: () => this.#authenticate(),
    received: (link: Link, frame: Frame) => {
      if (link === this.#link) this.#received(frame);
    },
    ended: (link: Link, code: number) => {
      if (link === this.#link) this.#ended(code);
    },
    ticked: (link: Link) => {
      if (Date.now() - (this.#requests.oldest ?? Infinity) > ANSWER_MS) link.fail();
    },
  };

  #authenticate(): void {
    this.#link?.send(JSON.stringify({ type: 'auth', token: this.#token, protocol: 2 }));
  }

  #received(frame: Frame): void {
    switch (frame.type) {
      case 'ping':
        this.tell('{"type":"pong"}');
        return;
      case 'auth_success':
        this.#authenticated(frame);
        return;
      case 'auth_error':
        this.#isRefused = true;
        return;
      case 'token_expiring':
        void this.#renewToken();
        return;
      case 'reconnect':
        this.#slotAt = Date.now() + frame.retryAfterMs;
        return;
      case 'message_sent':
      case 'error':
      case 'history':
      case 'room_members':
      case 'room_joined':
        this.#requests.settle(frame);
        return;
      case 'new_message':
      case 'user_joined':
      case 'user_left':
      case 'user_typing':
      case 'room_removed':
        this.rooms.get('roomSlug' in frame ? frame.roomSlug : frame.data.roomSlug)?.received(frame);
        return;
      case 'room_left':
        return;
      default:
        // The compiler knows no other, but a server sends the application's own events, and may be newer than this client.
        this.events.emit('event', frame);
    }
  }

  #authenticated(frame: AuthSuccess | AuthSuccess2): void {
    this.#refusedToken = undefined;
    this.isResumable = 'protocol' in frame;
    const heartbeatMs = 'protocol' in frame ? frame.heartbeatMs : 0;
    if (this.#link !== undefined) this.#link.silence = Math.max(SILENCE_MS, 1.5 * heartbeatMs);
    const isRenewal = this.isOnline;
    this.#onlineSince ??= Date.now();
    this.#change({ status: 'online', user: frame.user });
    if (isRenewal) return;
    for (const room of this.rooms.values()) room.online(frame.user.id);
  }

  async #renewToken(): Promise<void> {
    const link = this.#link;
    try {
      const token = await this.options.getToken();
      if (link !== this.#link || token === this.#token) return;
      if (token == null) {
        this.#stop('unauthorized');
        return;
      }
      this.#token = token;
      this.#authenticate();
    } catch {
      // No token now: it is asked for again when the one in use has expired (AUTH-7).
    }
  }

  #ended(code: number, error?: unknown): void {
    if (this.#onlineSince !== undefined && Date.now() - this.#onlineSince >= LASTING_MS) this.#attempt = 0;
    const isRefused = code === UNAUTHORIZED || (this.#isRefused && code !== AUTH_TIMEOUT);
    const { reason, delay } = planAfter({
      code: isRefused ? UNAUTHORIZED : code,
      attempt: this.#attempt++,
      slot: this.#slotAt === undefined ? undefined : this.#slotAt - Date.now(),
      refusedBefore: this.#refusedToken !== undefined,
      random: Math.random,
    });
    if (delay === undefined) {
      this.#stop(reason, code);
      return;
    }
    if (isRefused) this.#refusedToken = this.#token;
    this.#lose(code);
    this.#dialIn(delay, reason, error);
  }

  #dialIn(delay: number, reason: OfflineReason, error?: unknown): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#dial(), delay);
    this.#change({
      status: 'offline',
      reason,
      retryAt: Math.round(Date.now() + delay),
      ...(error === undefined ? {} : { error }),
    });
  }

  #stop(reason: OfflineReason, code = NORMAL): void {
    clearTimeout(this.#timer);
    for (const type of WAKING) page.removeEventListener?.(type, this.#wake);
    this.#attempt = 0;
    this.#refusedToken = undefined;
    this.#lose(code);
    this.#change({ status: 'offline', reason });
  }

  /** Whatever was under way is over. */
  #lose(code: number): void {
    const link = this.#link;
    this.#link = undefined;
    this.#dialling++;
    this.#onlineSince = undefined;
    link?.close();
    this.state = OFFLINE;
    for (const room of this.rooms.values()) room.offline();
    this.#requests.end(code);
  }

  #change(state: ConnectionState): void {
    this.state = state;
    this.events.emit('state', state);
  }

  /** The page or the machine is back, or the network is. What the server asked to wait for is still waited for. */
  #woken(): void {
    const { state } = this;
    if (state.status === 'online') this.#link?.probe(PROBE);
    else if (state.status === 'offline' && state.reason === 'network')
      this.#dialIn(Math.random() * HURRY_MS, 'network');
  }
}
