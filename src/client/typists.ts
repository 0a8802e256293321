import type { RoomVisitor, UserTyping } from '../protocol/index.js';

/** The server says within 6 s that somebody has ended, unless it had more important things to tell. */
const FORGOTTEN_MS = 8_000;
/** How often it is told that one goes on. */
const REPEAT_MS = 3_000;

/** Who else types in a room, and what the server knows of oneself (LIFE-2). */
export class Typists {
  /** Another array with every change. */
  list: readonly RoomVisitor[] = [];
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();
  #toldAt = 0;

  constructor(private readonly changed: () => void) {}

  heard({ isTyping, ...visitor }: UserTyping['data']): void {
    this.#forget(visitor.userId);
    if (isTyping) {
      this.list = [...this.list, visitor];
      this.#timers.set(
        visitor.userId,
        setTimeout(() => this.#ended(visitor.userId), FORGOTTEN_MS),
      );
    }
    this.changed();
  }

  /** Nothing of it holds any more. */
  clear(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.list = [];
    this.#toldAt = 0;
  }

  /** @returns whether the server is to be told that one types, or has ended */
  isNews(isTyping: boolean): boolean {
    const now = Date.now();
    if (isTyping ? now - this.#toldAt < REPEAT_MS : this.#toldAt === 0) return false;
    this.#toldAt = isTyping ? now : 0;
    return true;
  }

  #ended(userId: number): void {
    this.#forget(userId);
    this.changed();
  }

  #forget(userId: number): void {
    clearTimeout(this.#timers.get(userId));
    this.#timers.delete(userId);
    this.list = this.list.filter((typist) => typist.userId !== userId);
  }
}
