import type { UserView } from '../protocol/index.js';

/**
 * Why there is no connection: `closed` by `close()`; `network`: lost, refused, silent, or no token to be had just now;
 * `unauthorized`: signed out, or the token was refused; `evicted`: too many connections of this user; the rest is the
 * server's doing.
 */
export type OfflineReason =
  'closed' | 'network' | 'unauthorized' | 'evicted' | 'flooding' | 'overloaded' | 'restarting';

export type ConnectionState =
  | { readonly status: 'connecting' }
  | { readonly status: 'online'; readonly user: UserView }
  | {
      readonly status: 'offline';
      readonly reason: OfflineReason;
      /** When the next attempt is made, in milliseconds since the epoch. Absent: only `connect()` makes one. */
      readonly retryAt?: number;
      /** What `getToken`, `url` or the WebSocket's constructor threw. */
      readonly error?: unknown;
    };
