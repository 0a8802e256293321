import type { MessageView, RoomJoined, RoomJoined2, RoomMember, RoomVisitor } from '../protocol/index.js';
import type { Connection } from './connection.js';
import { Emitter } from './emitter.js';
import { isPassing, isRefusal, MilongaError } from './errors.js';
import type { Frame } from './frames.js';
import { newMessageId } from './message-id.js';
import { Outbox, type OutgoingMessage, type Receipt } from './outbox.js';
import { Timeline } from './timeline.js';
import { Typists } from './typists.js';

/** `refused`: the server lets this user in no more; `join()` asks again. */
export type RoomState = 'idle' | 'joining' | 'joined' | 'refused';

export interface RoomEvents {
  /** Each message once, in order, without a hole; one's own too. */
  message: MessageView;
  user_joined: RoomVisitor;
  user_left: RoomVisitor;
  /** `state`, `userCount`, `outbox` or `typists` is another. */
  change: Room;
}

export interface HistoryQuery {
  /** Only messages before this id: the newest of them. */
  readonly before?: number;
  /** Only messages after this id: the oldest of them. */
  readonly after?: number;
  /** At most so many, up to 100; 50 unless told. */
  readonly limit?: number;
}

export interface SendOptions {
  /** The application's own id, to say the same once more after a reload: it is stored once (CHAT-4). Made up unless given. */
  readonly messageId?: string;
}

export interface History {
  /** Oldest first. */
  readonly messages: readonly MessageView[];
  readonly hasMore: boolean;
}

export interface Members {
  readonly userCount: number;
  /** The first 200 of them. */
  readonly users: readonly RoomMember[];
}

interface Waiter {
  resolve: () => void;
  reject: (error: MilongaError) => void;
}

const OUTBOX_LIMIT = 1_000;
const PAGE = 100;
const PAUSE_MS = 1_000;

/** One room, over all reconnects until `leave()`. */
export class Room {
  readonly #events = new Emitter<RoomEvents>();
  readonly #outbox = new Outbox(OUTBOX_LIMIT);
  readonly #typists = new Typists(() => this.#changed());
  /** Another one with every stay: answers that belong to an earlier stay are recognised by it. */
  #timeline = new Timeline();
  #state: RoomState = 'idle';
  #userCount = 0;
  #userId: number | undefined;
  /** When this stay's last join was, by the server's clock. */
  #joinedAt = 0;
  #joins: Waiter[] = [];
  /** Set while nothing is asked of the server: it wanted so. */
  #pause: ReturnType<typeof setTimeout> | undefined;

  /** @internal */
  constructor(
    readonly slug: string,
    private readonly connection: Connection,
  ) {
    connection.rooms.set(slug, {
      online: (userId) => this.#online(userId),
      offline: () => this.#offline(),
      received: (frame) => this.#received(frame),
    });
  }

  get state(): RoomState {
    return this.#state;
  }

  /** How many users are in the room, oneself included, as far as is known. */
  get userCount(): number {
    return this.#userCount;
  }

  /** The cursor: the highest message id seen; 0 before the first. */
  get lastId(): number {
    return this.#timeline.lastId ?? 0;
  }

  /** What the room has not shown yet of one's own messages, in order. Another array with every change. */
  get outbox(): readonly OutgoingMessage[] {
    return this.#outbox.list;
  }

  /** Who else is typing. Another array with every change. */
  get typists(): readonly RoomVisitor[] {
    return this.#typists.list;
  }

  /** @returns the function that ends it */
  on<Type extends keyof RoomEvents>(type: Type, listener: (value: RoomEvents[Type]) => void): () => void {
    return this.#events.on(type, listener);
  }

  /**
   * Resolves when the room is joined, be it after the connection has come; it then stays joined over reconnects.
   *
   * @param options.after the highest message id that is known already: what came later is delivered. Without, the room
   *   begins now, and `history()` has what was before.
   * @throws {MilongaError} `room_forbidden`, `too_many_rooms`; `left` when `leave()` comes first
   */
  join({ after }: { readonly after?: number } = {}): Promise<void> {
    if (this.#state === 'joined') return Promise.resolve();
    const joined = new Promise<void>((resolve, reject) => this.#joins.push({ resolve, reject }));
    if (this.#state !== 'joining') {
      this.#timeline = new Timeline(after);
      this.#ask();
    }
    return joined;
  }

  /** Ends the stay. What still waits in the outbox fails with `left`. */
  leave(): void {
    if (this.#state !== 'idle') this.#tell({ type: 'leave_room' });
    this.#end('idle', new MilongaError('left'));
  }

  /**
   * Says something. Resolves when it is committed; waits while there is no connection; is sent again, under the same
   * `messageId`, when nobody knows whether it arrived. A refusal nobody waits for shows in `outbox` alone.
   *
   * @throws {MilongaError} with the `messageId`: `message_empty`, `message_too_long`, `muted`, `not_in_room`, `outbox_full`, …
   */
  send(text: string, { messageId = newMessageId() }: SendOptions = {}): Promise<Receipt> {
    if (this.#state !== 'joining' && this.#state !== 'joined') {
      return handled(Promise.reject(new MilongaError('not_in_room', messageId)));
    }
    this.#typists.isNews(false);
    return this.#said(this.#outbox.add(messageId, text, Date.now()));
  }

  /** Sends a failed one once more, under its `messageId`. */
  retry(messageId: string): Promise<Receipt> {
    return this.#said(this.#outbox.retry(messageId));
  }

  /** Takes a failed or waiting one out of the outbox. */
  discard(messageId: string): void {
    this.#outbox.discard(messageId);
    this.#changed();
  }

  /** @throws {MilongaError} `connection_lost` when offline, and whatever the server refuses; asked once, never by itself again */
  history(query: HistoryQuery = {}): Promise<History> {
    return new Promise((resolve, reject) => {
      this.connection.request({ type: 'history', roomSlug: this.slug, ...query }, (answer) => {
        if ('messages' in answer) {
          // Sent again after a reload: it was stored before this stay, and comes live no more.
          for (const message of answer.messages) this.#settle(message);
          resolve({ messages: answer.messages, hasMore: answer.hasMore });
        } else reject(answer instanceof MilongaError ? answer : new MilongaError('refused'));
      });
    });
  }

  /** Who is in the room now, oneself included. @throws {MilongaError} as `history` does */
  members(): Promise<Members> {
    return new Promise((resolve, reject) => {
      this.connection.request({ type: 'room_members', roomSlug: this.slug }, (answer) => {
        if ('users' in answer) resolve({ users: answer.users, userCount: answer.userCount });
        else reject(answer instanceof MilongaError ? answer : new MilongaError('refused'));
      });
    });
  }

  /** Lets the others see that one types: to be called at every keystroke. Ends by itself a little later, and with `send`. */
  setTyping(isTyping = true): void {
    if (this.#state !== 'joined' || !this.connection.isResumable || !this.#typists.isNews(isTyping)) return;
    this.#tell({ type: 'typing', isTyping });
  }

  /** Says what has no answer that matters: its refusal is named, so that it is not taken for that of a request. */
  #tell(frame: { readonly type: 'leave_room' } | { readonly type: 'typing'; readonly isTyping: boolean }): void {
    this.connection.tell(JSON.stringify({ ...frame, roomSlug: this.slug, requestId: frame.type }));
  }

  #said(receipt: Promise<Receipt>): Promise<Receipt> {
    this.#changed();
    this.#flush();
    return handled(receipt);
  }

  #online(userId: number): void {
    // Another person's words are not to be said under this name.
    if (this.#userId !== undefined && this.#userId !== userId) this.#outbox.failAll('user_changed');
    this.#userId = userId;
    if (this.#state === 'joining') this.#ask();
  }

  #offline(): void {
    this.#resume();
    if (this.#state !== 'joined') return;
    this.#become('joining');
  }

  /** Asks to be let in, after what was seen. */
  #ask(): void {
    this.#become('joining');
    const timeline = this.#timeline;
    const { lastId: after } = timeline;
    this.connection.request(
      { type: 'join_room', roomSlug: this.slug, ...(after === undefined ? {} : { after }) },
      (answer) => {
        if (timeline !== this.#timeline) return;
        if (!(answer instanceof MilongaError)) {
          if (answer.type === 'room_joined') this.#joined(answer);
        } else if (isRefusal(answer)) this.#end('refused', answer);
        else this.#wait(answer);
      },
    );
  }

  #joined(frame: RoomJoined | RoomJoined2): void {
    this.#userCount = frame.userCount;
    this.#joinedAt = frame.timestamp;
    this.#outbox.forgetAcknowledged();
    if ('lastId' in frame) this.#timeline.joined(frame.lastId, frame.recovered);
    else this.#timeline.joined();
    this.#become('joined');
    for (const { resolve } of this.#joins.splice(0)) resolve();
    if (this.#timeline.isPaging) this.#page();
    this.#flush();
  }

  /** Reads what was missed, a page after the other; when one does not come, all begins again with a join at the cursor. */
  #page(): void {
    const timeline = this.#timeline;
    const query = { after: this.lastId, limit: PAGE };
    this.connection.request({ type: 'history', roomSlug: this.slug, ...query }, (answer) => {
      if (timeline !== this.#timeline || this.#state !== 'joined') return;
      if (!('messages' in answer)) {
        this.#become('joining');
        this.#wait(answer instanceof MilongaError ? answer : undefined);
        return;
      }
      for (const message of timeline.page(answer.messages, answer.hasMore)) {
        this.#show(message);
        if (timeline !== this.#timeline) return;
      }
      if (timeline.isPaging) this.#page();
    });
  }

  #received(frame: Frame): void {
    // Between a loss and the next join nothing is shown: the join says from where on.
    if (this.#state !== 'joined') return;
    switch (frame.type) {
      case 'new_message':
        if (this.#timeline.live(frame.data)) this.#show(frame.data);
        return;
      case 'user_joined':
      case 'user_left':
        this.#userCount += frame.type === 'user_joined' ? 1 : -1;
        this.#events.emit(frame.type, frame.data);
        this.#changed();
        return;
      case 'user_typing':
        this.#typists.heard(frame.data);
        return;
      case 'room_removed':
        this.#end('refused', new MilongaError('room_forbidden'));
        return;
      default:
    }
  }

  #show(message: MessageView): void {
    this.#settle(message);
    this.#events.emit('message', message);
  }

  /** What is stored of one's own waits no more. */
  #settle(message: MessageView): void {
    if (message.userSlug !== String(this.#userId)) return;
    const before = this.#outbox.list;
    this.#outbox.shown({ messageId: message.slug, timestamp: Date.parse(message.createdAt) });
    if (before !== this.#outbox.list) this.#changed();
  }

  #flush(): void {
    if (this.#state !== 'joined' || this.#pause !== undefined || !this.connection.isOnline) return;
    const next = this.#outbox.next();
    if (next === undefined) return;
    const { messageId, text } = next;
    this.#changed();
    this.connection.request({ type: 'chat_message', roomSlug: this.slug, message: text, messageId }, (answer) => {
      if (!(answer instanceof MilongaError)) {
        // What was stored before the join, under an id sent once more, comes live no more.
        if (answer.type === 'message_sent')
          this.#outbox.acknowledge(answer, this.connection.isResumable && answer.timestamp >= this.#joinedAt);
      } else if (isPassing(answer) || answer.code === 'not_in_room') {
        this.#outbox.putBack(messageId);
        if (answer.code === 'not_in_room') this.#state = 'joining';
        this.#wait(answer);
      } else this.#outbox.fail(messageId, answer);
      this.#changed();
      this.#flush();
    });
  }

  /** Goes on after a while, where things stand then. After a lost connection the next one is what goes on. */
  #wait(error?: MilongaError): void {
    if (error?.code === 'connection_lost') return;
    clearTimeout(this.#pause);
    this.#pause = setTimeout(
      () => {
        this.#resume();
        if (this.#state === 'joining') this.#ask();
        else this.#flush();
      },
      (error?.retryAfterMs ?? PAUSE_MS) * (1 + Math.random() / 4),
    );
  }

  #resume(): void {
    clearTimeout(this.#pause);
    this.#pause = undefined;
  }

  #end(state: RoomState, error: MilongaError): void {
    this.#resume();
    this.#timeline = new Timeline();
    this.#outbox.failAll(error.code);
    for (const { reject } of this.#joins.splice(0)) reject(error);
    this.#become(state);
  }

  #become(state: RoomState): void {
    this.#state = state;
    if (state !== 'joined') this.#typists.clear();
    this.#changed();
  }

  #changed(): void {
    this.#events.emit('change', this);
  }
}

/** A rejection that nobody waits for is no uncaught error. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
