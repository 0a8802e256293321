import { backOff } from './back-off.js';
import type { OfflineReason } from './connection-state.js';

const FLOODING_MS = 30_000;
/** A server that goes has its whole crowd come back: the first try is spread over 2 s. */
const CROWD_ATTEMPT = 2;

export interface ConnectionEnd {
  /** The close code. */
  readonly code: number;
  /** How many attempts in a row have failed before this end. */
  readonly attempt: number;
  /** Milliseconds until the slot that `reconnect` gave (TOLD-2); negative when it is over. */
  readonly slot: number | undefined;
  /** A token was refused already, and no other accepted since. */
  readonly refusedBefore: boolean;
  readonly random: () => number;
}

/** What to do after a connection's end, by its close code. Without a `delay` (milliseconds): stop. */
export function planAfter({ code, attempt, slot, refusedBefore, random }: ConnectionEnd): {
  reason: OfflineReason;
  delay?: number;
} {
  switch (code) {
    case 4401:
      return refusedBefore ? { reason: 'unauthorized' } : { reason: 'unauthorized', delay: backOff(attempt, random) };
    case 4409:
      return { reason: 'evicted' };
    case 4429:
      return { reason: 'flooding', delay: FLOODING_MS * (1 + random()) };
    case 1012:
      return {
        reason: 'restarting',
        delay: slot !== undefined && slot > 0 ? slot : backOff(Math.max(attempt, CROWD_ATTEMPT), random),
      };
    case 1013:
      return { reason: 'overloaded', delay: backOff(Math.max(attempt, CROWD_ATTEMPT), random) };
    default:
      return { reason: 'network', delay: backOff(attempt, random) };
  }
}
