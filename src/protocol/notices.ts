/** Server: the token of this connection expires in a minute, or sooner: send `auth` with a new one (TOLD-1). */
export interface TokenExpiring {
  type: 'token_expiring';
  /** The token's `exp`, in milliseconds since the epoch. */
  expiresAt: number;
}

/** Server: the membership is gone, or a ban is there; of this room nothing comes any more (TOLD-3). */
export interface RoomRemoved {
  type: 'room_removed';
  roomSlug: string;
}

/** Server: it stops, and is about to close with 1012 (TOLD-2). */
export interface Reconnect {
  type: 'reconnect';
  /** When to come back, in milliseconds from now: a moment that no other client of this server was given. */
  retryAfterMs: number;
}
