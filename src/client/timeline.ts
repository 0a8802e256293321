import type { MessageView } from '../protocol/index.js';

/**
 * Where the application is in a room. Ids rise within a room (CHAT-2), so one number says what it has seen. While missed
 * messages are paged through, live ones are held back.
 */
export class Timeline {
  /** The live messages that wait; undefined while nothing is paged. */
  #held: MessageView[] | undefined;
  /** Paging is over here: what is newer comes live. */
  #until = 0;
  #lastId: number | undefined;

  /** @param after the highest id already seen; without, the room begins with the join */
  constructor(after?: number) {
    this.#lastId = after;
  }

  /** The highest id seen: what `after` of the next join is (RES-1). Undefined before the first. */
  get lastId(): number | undefined {
    return this.#lastId;
  }

  get isPaging(): boolean {
    return this.#held !== undefined;
  }

  /**
   * Takes over what `room_joined` says (RES-1); what an earlier join had begun is void. Protocol 1 says neither.
   *
   * @param newest the room's newest id at the join
   * @param recovered whether all that was missed follows by itself
   */
  joined(newest?: number, recovered = true): void {
    const after = this.#lastId;
    this.#held = undefined;
    if (newest === undefined) return;
    this.#until = newest;
    if (after === undefined) this.#lastId = newest;
    else if (recovered) return;
    else if (after < newest) this.#held = [];
    // The room's history is another one, such as an older backup's: what comes is new, whatever its id.
    else this.#lastId = newest;
  }

  /** Whether the message is to be shown now. Advances the cursor if so. */
  live(message: MessageView): boolean {
    if (this.#held === undefined) return this.#advance(message);
    this.#held.push(message);
    return false;
  }

  /** A page of missed messages, oldest first: which are to be shown now, one after the other. The last page is followed by what was held back. */
  *page(messages: readonly MessageView[], hasMore: boolean): Generator<MessageView> {
    for (const message of messages) if (this.#advance(message)) yield message;
    if (hasMore && messages.length > 0 && (this.#lastId ?? 0) < this.#until) return;
    // Not a copy: what arrives while these are shown comes behind them.
    for (const message of this.#held ?? []) if (this.#advance(message)) yield message;
    this.#held = undefined;
  }

  #advance({ id }: MessageView): boolean {
    if (id <= (this.#lastId ?? 0)) return false;
    this.#lastId = id;
    return true;
  }
}
