import { isRecord, readStored, store } from '../state/stored.js';

/** Who this tab is. */
export interface Session {
  readonly token: string;
  /** Whose rooms and read marks these are: the user name, or what a pasted token names as its subject. */
  readonly owner: string;
  /** By demo sign-in, which gives a new token for the asking; a pasted one is all there is. */
  readonly isRenewable: boolean;
}

const KEY = 'milonga.session';

/** Kept for this tab, so that a reload stays signed in and two tabs can be two people. */
export function loadSession(): Session | undefined {
  const kept = readStored(sessionStorage, KEY);
  if (!isRecord(kept)) return undefined;
  const { token, owner, isRenewable } = kept;
  if (typeof token !== 'string' || typeof owner !== 'string' || typeof isRenewable !== 'boolean') return undefined;
  return { token, owner, isRenewable };
}

export function saveSession(session: Session | undefined): void {
  if (session) store(sessionStorage, KEY, session);
  else sessionStorage.removeItem(KEY);
}
