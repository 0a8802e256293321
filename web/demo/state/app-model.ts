import { demoSignIn } from '../session/demo-sign-in.js';
import { loadSession, saveSession, type Session } from '../session/session.js';
import { readToken } from '../session/token.js';
import { Chat } from './chat.js';
import { Model } from './model.js';

/** Signed in, or not. */
export class AppModel extends Model {
  chat: Chat | undefined;
  /** What the sign-in page has to tell. */
  notice = '';

  constructor() {
    super();
    const session = loadSession();
    if (session) this.enter(session);
  }

  /** @throws SignInRefused, or another error when the server cannot be reached */
  async signIn(username: string): Promise<void> {
    this.enter({ token: await demoSignIn(username), owner: username, isRenewable: true });
  }

  signInWithToken(token: string): void {
    this.enter({ token, owner: `user ${readToken(token)?.subject ?? ''}`, isRenewable: false });
  }

  signOut(notice = ''): void {
    this.chat?.stop();
    this.chat = undefined;
    this.notice = notice;
    saveSession(undefined);
    this.changed();
  }

  private enter(session: Session): void {
    saveSession(session);
    const chat = new Chat(session);
    chat.client.on('state', (state) => {
      if (
        state.status === 'offline' &&
        state.reason === 'unauthorized' &&
        state.retryAt === undefined &&
        this.chat === chat
      )
        this.signOut('You have been signed out. Please sign in again.');
    });
    this.chat = chat;
    this.notice = '';
    chat.start(decodeURIComponent(location.hash.slice(1)));
    this.changed();
  }
}
