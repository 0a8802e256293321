import type { MessageView } from '../../../src/client/index.js';
import type { Visitor } from './entries.js';

export interface Person {
  /** The user id as a string. */
  readonly id: string;
  readonly username: string;
  /** When the page last heard of them, in ms since the epoch. */
  readonly seenAt: number;
  /** Known to be in the room: they were there when we came, or came or wrote since, and have not left. */
  readonly isHere: boolean;
}

/** How many are remembered: those seen longest ago are forgotten. */
const MOST = 200;

/** Whom the page has seen in a room. */
export class People {
  private readonly byId = new Map<string, Person>();

  /** Those known to be here first, then those seen last. */
  get list(): Person[] {
    return [...this.byId.values()].sort((a, b) => Number(b.isHere) - Number(a.isHere) || b.seenAt - a.seenAt);
  }

  came({ userId, username }: Pick<Visitor, 'userId' | 'username'>): void {
    this.see({ id: String(userId), username, seenAt: Date.now(), isHere: true });
  }

  left({ userId, username }: Visitor): void {
    this.see({ id: String(userId), username, seenAt: Date.now(), isHere: false });
  }

  /** @param isLive it was written just now, not found in the history */
  wrote({ userSlug, username, createdAt }: MessageView, isLive: boolean): void {
    const known = this.byId.get(userSlug);
    const seenAt = Math.max(Date.parse(createdAt), known?.seenAt ?? 0);
    this.see({ id: userSlug, username, seenAt, isHere: isLive || known?.isHere === true });
  }

  /** The connection is gone: from now on nobody is known to be here. */
  forgetWhoIsHere(): void {
    for (const person of this.byId.values()) this.byId.set(person.id, { ...person, isHere: false });
  }

  private see(person: Person): void {
    this.byId.set(person.id, person);
    if (this.byId.size <= MOST) return;
    const forgotten = this.list.at(-1);
    if (forgotten) this.byId.delete(forgotten.id);
  }
}
