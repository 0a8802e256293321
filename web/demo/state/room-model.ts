import { MilongaError, type MessageView, type Room } from '../../../src/client/index.js';
import { capped, messagesOf, withMessages, withVisit, type Entry, type Visit } from './entries.js';
import { Model } from './model.js';
import { People } from './people.js';
import type { ReadMarks } from './read-marks.js';
import type { Unsent } from './unsent.js';

/** As many entries as the page holds of one room; more come from the history as one scrolls. */
const MOST_ENTRIES = 1_000;
const PAGE = 50;
/** Who wrote so lately is taken to be here still, in ms. */
const LATELY_MS = 60_000;
/** When the newest page was refused it is asked for again after this, in ms. */
const ASK_AGAIN_MS = 2_000;

/** One of my rooms, as the page shows it. */
export class RoomModel extends Model {
  entries: readonly Entry[] = [];
  readonly people = new People();
  /** Where the line "New messages" stands: above this id. */
  firstUnreadId: number | undefined;
  hasOlder = false;
  /** The newest messages are not among the entries: the user is far back in the history. */
  hasNewer = false;
  isPaging = false;
  /** The newest page has been there once. */
  isLoaded = false;
  /** What is in the text field. */
  draft = '';
  /** Why the server did not let us in; undefined while it does. */
  refusal: MilongaError | undefined;

  private readonly unreadIds = new Set<number>();
  private isWatched = false;
  private wasJoined = false;
  private keptOutbox: Room['outbox'];

  /** @param myId my user id as a string; undefined before the first sign-in */
  constructor(
    private readonly room: Room,
    private readonly marks: ReadMarks,
    private readonly unsent: Unsent,
    private readonly myId: () => string | undefined,
  ) {
    super();
    this.keptOutbox = room.outbox;
    room.on('message', (message) => this.onMessage(message));
    room.on('user_joined', (visitor) => this.onVisit({ ...visitor, kind: 'joined' }));
    room.on('user_left', (visitor) => this.onVisit({ ...visitor, kind: 'left' }));
    room.on('change', () => this.onChange());
  }

  get slug(): string {
    return this.room.slug;
  }

  get userCount(): number {
    return this.room.userCount;
  }

  get isJoined(): boolean {
    return this.room.state === 'joined';
  }

  /** Who else is typing, by name. */
  get typists(): string[] {
    return this.room.typists.map(({ username }) => username);
  }

  get outbox(): Room['outbox'] {
    return this.room.outbox;
  }

  /** How many messages of others came while nobody looked. */
  get unread(): number {
    return this.unreadIds.size;
  }

  get lastMessage(): MessageView | undefined {
    return messagesOf(this.entries.slice(-2)).at(-1);
  }

  enter(): void {
    this.refusal = undefined;
    this.room.join().catch((error: unknown) => {
      if (!(error instanceof MilongaError)) throw error;
      this.refusal = error;
      this.changed();
    });
  }

  leave(): void {
    this.room.leave();
  }

  /**
   * What becomes of it is seen in the outbox.
   *
   * @throws MilongaError when it is not even kept there
   */
  async send(text: string): Promise<void> {
    this.firstUnreadId = undefined;
    this.changed();
    try {
      await this.room.send(text);
    } catch (error) {
      const isKept =
        error instanceof MilongaError && this.outbox.some(({ messageId }) => messageId === error.messageId);
      if (!isKept) throw error;
    }
  }

  /** @param isTyping whether there is something in the text field */
  type(isTyping: boolean): void {
    this.room.setTyping(isTyping);
  }

  /** What waited when the page was reloaded. */
  sayAgain(): void {
    for (const { messageId, text } of this.unsent.of(this.slug))
      this.room.send(text, { messageId }).catch(() => undefined);
  }

  retry(messageId: string): void {
    this.room.retry(messageId).catch(() => undefined);
  }

  discard(messageId: string): void {
    this.room.discard(messageId);
  }

  async loadOlder(): Promise<void> {
    const [first] = messagesOf(this.entries);
    if (!this.hasOlder || first === undefined) return;
    await this.page(async () => {
      const { messages, hasMore } = await this.room.history({ before: first.id, limit: PAGE });
      this.take(messages, 'oldest');
      this.hasOlder = hasMore;
    });
  }

  async loadNewer(): Promise<void> {
    const last = messagesOf(this.entries).at(-1);
    if (!this.hasNewer || last === undefined) return;
    await this.page(async () => {
      const { messages, hasMore } = await this.room.history({ after: last.id, limit: PAGE });
      this.take(messages, 'newest');
      // What came during the question was not taken.
      this.hasNewer = hasMore || (messages.at(-1)?.id ?? last.id) < this.room.lastId;
    });
  }

  async jumpToNewest(): Promise<void> {
    if (!this.hasNewer) return;
    await this.page(async () => {
      const { messages, hasMore } = await this.room.history({ limit: PAGE });
      this.entries = [];
      this.hasNewer = false;
      this.take(messages, 'newest');
      this.hasOlder = hasMore;
    });
  }

  /** Whether somebody looks at the end of this room: then what comes is read. */
  watch(isWatched: boolean): void {
    this.isWatched = isWatched;
    if (isWatched) this.markRead();
  }

  /** The user went to another room: the line of the new messages has done its work. */
  close(): void {
    this.isWatched = false;
    if (this.unread === 0) this.firstUnreadId = undefined;
  }

  connectionLost(): void {
    this.people.forgetWhoIsHere();
    this.changed();
  }

  private onChange(): void {
    if (this.outbox !== this.keptOutbox) {
      this.keptOutbox = this.outbox;
      this.unsent.keep(this.slug, this.outbox);
    }
    if (this.isJoined && !this.wasJoined) void this.meet();
    this.wasJoined = this.isJoined;
    if (this.isJoined && !this.isLoaded) void this.page(async () => this.loadNewest());
    this.changed();
  }

  private onMessage(message: MessageView): void {
    this.people.wrote(message, Date.now() - Date.parse(message.createdAt) < LATELY_MS);
    if (!this.hasNewer) this.take([message], 'newest');
    this.countUnread([message]);
    if (this.isWatched) this.markRead();
    this.changed();
  }

  private onVisit(visit: Visit): void {
    if (visit.kind === 'joined') this.people.came(visit);
    else this.people.left(visit);
    if (!this.hasNewer) this.entries = withVisit(this.entries, visit);
    this.changed();
  }

  /** Who is here already. Whom the answer leaves out shows when they come, go or write. */
  private async meet(): Promise<void> {
    try {
      const { users } = await this.room.members();
      for (const user of users) this.people.came(user);
      this.changed();
    } catch (error) {
      if (!(error instanceof MilongaError)) throw error;
    }
  }

  private async loadNewest(): Promise<void> {
    const { messages, hasMore } = await this.room.history({ limit: PAGE });
    const readId = this.marks.get(this.slug);
    this.take(messages, 'newest');
    this.hasOlder = hasMore;
    this.isLoaded = true;
    if (readId === undefined) this.marks.advance(this.slug, messages.at(-1)?.id ?? 0);
    else this.countUnread(messages.filter(({ id }) => id > readId));
    if (this.isWatched) this.markRead();
  }

  private countUnread(messages: readonly MessageView[]): void {
    for (const { id, userSlug } of messages) if (userSlug !== this.myId()) this.unreadIds.add(id);
    if (!this.isWatched && this.unread > 0) this.firstUnreadId ??= Math.min(...this.unreadIds);
  }

  private markRead(): void {
    const newest = messagesOf(this.entries).at(-1);
    if (newest) this.marks.advance(this.slug, newest.id);
    if (this.unread === 0) return;
    this.unreadIds.clear();
    this.changed();
  }

  private take(messages: readonly MessageView[], keep: 'newest' | 'oldest'): void {
    for (const message of messages) this.people.wrote(message, false);
    const all = withMessages(this.entries, messages);
    this.entries = capped(all, MOST_ENTRIES, keep);
    if (this.entries.length === all.length) return;
    if (keep === 'newest') this.hasOlder = true;
    else this.hasNewer = true;
  }

  /** One page at a time. Without a connection there is none: the next scrolling asks again. */
  private async page(load: () => Promise<void>): Promise<void> {
    if (this.isPaging) return;
    this.isPaging = true;
    this.changed();
    try {
      await load();
    } catch (error) {
      if (!(error instanceof MilongaError)) throw error;
      setTimeout(() => this.onChange(), ASK_AGAIN_MS);
    } finally {
      this.isPaging = false;
      this.changed();
    }
  }
}
