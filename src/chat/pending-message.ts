import type { LiveRoom } from '../rooms/live-room.js';
import type { Connection } from '../socket/connection.js';
import type { SessionUser } from '../socket/session.js';

/** A message that was taken in and is not stored yet. */
export interface PendingMessage {
  readonly connection: Connection;
  readonly user: SessionUser;
  readonly room: LiveRoom;
  /** The `messageId`, given or made. */
  readonly slug: string;
  /** Cleaned. */
  readonly text: string;
  /** On `performance.now()`. */
  readonly takenAt: number;
}
