import { demoSignIn, SignInRefused } from './demo-sign-in.js';
import { saveSession, type Session } from './session.js';
import { readToken } from './token.js';

/** A token is renewed when it has less than this to live, in ms: the server warns a minute ahead (TOLD-1). */
const RENEW_BEFORE_MS = 90_000;

/** Gives the session's token, and a new one when it is about to expire. */
export class TokenSource {
  constructor(public session: Session) {}

  /**
   * @returns null when there is none any more: the user has to sign in again
   * @throws when the server cannot be asked just now
   */
  readonly get = async (): Promise<string | null> => {
    const { token, owner, isRenewable } = this.session;
    const left = (readToken(token)?.expiresAt ?? Infinity) - Date.now();
    if (!isRenewable) return left > 0 ? token : null;
    if (left > RENEW_BEFORE_MS) return token;
    try {
      this.session = { ...this.session, token: await demoSignIn(owner) };
    } catch (error) {
      if (error instanceof SignInRefused) return null;
      throw error;
    }
    saveSession(this.session);
    return this.session.token;
  };
}
