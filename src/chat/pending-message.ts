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
  /** The client's own name for its request (V2-2). */
  readonly requestId: string | undefined;
  /** On `performance.now()`. */
  readonly takenAt: number;
}
