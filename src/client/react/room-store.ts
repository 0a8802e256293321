import type { MessageView, OutgoingMessage, Room, RoomState } from '../index.js';

/** What a component shows of a room. Another object with every change, as React wants it. */
export interface RoomView {
  readonly state: RoomState;
  readonly userCount: number;
  /** Oldest first, without a hole. */
  readonly messages: readonly MessageView[];
  /** One's own that the room does not show yet. */
  readonly outbox: readonly OutgoingMessage[];
  /** Whether there is something to be loaded before the first of `messages`. */
  readonly hasOlder: boolean;
}

const PAGE = 50;

/** Keeps a room's messages for components, and the room joined while there are any. */
export class RoomStore {
  view: RoomView;
  readonly #room: Room;
  readonly #listeners = new Set<() => void>();
  /** Older messages are those before this id. */
  #oldest = 0;
  #loading: Promise<void> | undefined;
  #end: (() => void) | undefined;

  constructor(room: Room) {
    this.#room = room;
    const { state, userCount, outbox } = room;
    this.view = { state, userCount, outbox, messages: [], hasOlder: false };
  }

  /** @returns the function that ends it */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    this.#end ??= this.#begin();
    return () => {
      this.#listeners.delete(listener);
      // Not at once: what is unmounted to be mounted anew does not leave.
      setTimeout(() => {
        if (this.#listeners.size > 0) return;
        this.#end?.();
        this.#end = undefined;
      });
    };
  }

  /** Resolves when there are more messages, or none to be had. Two calls at once are one. */
  async loadOlder(): Promise<void> {
    this.#loading ??= this.#load().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async #load(): Promise<void> {
    if (!this.view.hasOlder) return;
    const { messages, hasMore } = await this.#room.history({ before: this.#oldest, limit: PAGE });
    this.#oldest = messages[0]?.id ?? this.#oldest;
    this.#change({ messages: [...messages, ...this.view.messages], hasOlder: hasMore });
  }

  #begin(): () => void {
    const room = this.#room;
    const isOurs = room.state === 'idle' || room.state === 'refused';
    const ends = [
      room.on('message', (message) => this.#change({ messages: [...this.view.messages, message] })),
      room.on('change', ({ state, userCount, outbox }) => this.#change({ state, userCount, outbox })),
    ];
    room.join().then(
      () => this.#joined(),
      () => undefined,
    );
    return () => {
      for (const end of ends) end();
      if (isOurs) room.leave();
      this.#change({ state: room.state, messages: [], hasOlder: false });
    };
  }

  /** The room begins here; what was before is loaded, and can be asked for again if that fails. */
  #joined(): void {
    const { messages } = this.view;
    this.#oldest = messages[0]?.id ?? this.#room.lastId + 1;
    this.#change({ hasOlder: this.#oldest > 1 });
    this.loadOlder().catch(() => undefined);
  }

  #change(change: Partial<RoomView>): void {
    this.view = { ...this.view, ...change };
    for (const listener of this.#listeners) listener();
  }
}
