/** Server: the token of this connection expires in a minute, or sooner: send `auth` with a new one (TOLD-1). */
export interface TokenExpiring {
  type: 'token_expiring';
  /** The token's `exp`, in milliseconds since the epoch. */
  expiresAt: number;
}

/** Server: it stops, and is about to close with 1012 (TOLD-2). */
export interface Reconnect {
  type: 'reconnect';
  /** When to come back, in milliseconds from now: a moment that no other client of this server was given. */
  retryAfterMs: number;
}
