/** Why the server closes a connection, and what a client should do (contract reading, "Close codes"). */
export const CLOSE_CODE = {
  /** The server restarts: reconnect with jitter. */
  serviceRestart: 1012,
  /** Overloaded, or the client reads too slowly: back off, reconnect. */
  tryAgainLater: 1013,
  /** Authentication failed or expired, or the user was deactivated: get a new token, else stop. */
  unauthorized: 4401,
  /** Not authenticated in time: back off. */
  authTimeout: 4408,
  /** Too many connections of this user, this one was evicted: stop. */
  tooManyConnections: 4409,
  /** Flooding: back off long. */
  flooding: 4429,
} as const;
