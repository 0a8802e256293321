import type { Connection } from '../socket/connection.js';
import type { SessionUser } from '../socket/session.js';

/** Who does not say that they go on has ended. */
const TYPING_MS = 6_000;

interface Typist {
  readonly user: SessionUser;
  /** By which they type; undefined: by way of another node. */
  connection: Connection | undefined;
  readonly end: NodeJS.Timeout;
}

/** Who types in one room (LIFE-2). */
export class RoomTypists {
  private readonly typists = new Map<number, Typist>();

  /** @param announce called when somebody begins, and when they end */
  constructor(private readonly announce: (user: SessionUser, isTyping: boolean) => void) {}

  /** The user types, or goes on. */
  begin(user: SessionUser, connection?: Connection): void {
    const known = this.typists.get(user.id);
    if (known) {
      known.connection = connection;
      known.end.refresh();
      return;
    }
    const end = setTimeout(() => this.end(user.id), TYPING_MS).unref();
    this.typists.set(user.id, { user, connection, end });
    this.announce(user, true);
  }

  /** @returns whether the user was typing */
  end(userId: number): boolean {
    const typist = this.typists.get(userId);
    if (!typist) return false;
    clearTimeout(typist.end);
    this.typists.delete(userId);
    this.announce(typist.user, false);
    return true;
  }

  /** @returns whether it is by this connection that the user types */
  isBy(connection: Connection, userId: number): boolean {
    return this.typists.get(userId)?.connection === connection;
  }
}
