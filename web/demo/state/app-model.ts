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

  /** The server wants a new token of this one: what they wrote waits until they are back. */
  private signedOut: Chat | undefined;

  constructor() {
    super();
    addEventListener('beforeunload', (event) => {
      if (this.chat?.unsent.isAtRisk || this.signedOut?.unsent.isAtRisk) event.preventDefault();
    });
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

  signOut(): void {
    this.chat?.stop();
    this.chat?.unsent.clear();
    this.leave('');
  }

  private enter(session: Session): void {
    saveSession(session);
    this.notice = '';
    if (this.signedOut?.owner === session.owner) {
      this.chat = this.signedOut;
      this.chat.resume(session);
    } else {
      this.chat = this.begin(session);
      this.chat.start(location.hash.slice(1));
    }
    this.signedOut = undefined;
    this.changed();
  }

  private begin(session: Session): Chat {
    const chat = new Chat(session);
    chat.client.on('state', (state) => {
      const isOver = state.status === 'offline' && state.reason === 'unauthorized' && state.retryAt === undefined;
      if (!isOver || this.chat !== chat) return;
      this.signedOut = chat;
      this.leave('You have been signed out. Please sign in again.');
    });
    return chat;
  }

  private leave(notice: string): void {
    this.chat = undefined;
    this.notice = notice;
    saveSession(undefined);
    this.changed();
  }
}
