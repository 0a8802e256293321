import { MilongaClient, type ConnectionState, type UserView } from '../../../src/client/index.js';
import type { Session } from '../session/session.js';
import { TokenSource } from '../session/token-source.js';
import type { Me } from '../timeline/timeline.js';
import { Model } from './model.js';
import { loadMyRooms, saveMyRooms, SUGGESTED_ROOMS } from './my-rooms.js';
import { ReadMarks } from './read-marks.js';
import { RoomModel } from './room-model.js';
import { isRoomSlug } from './room-slug.js';
import { Unsent } from './unsent.js';

/** Where the server says that its socket is. */
async function socketUrl(): Promise<string> {
  const response = await fetch('config.json');
  const { websocketUrl } = (await response.json()) as { websocketUrl: string };
  return websocketUrl;
}

/** An attempt that comes within this time, in ms, is soon enough for somebody who waits for it. */
const SOON_MS = 1_000;

/** Everything of one signed-in person: the connection and the rooms. */
export class Chat extends Model {
  readonly client: MilongaClient;
  rooms: readonly RoomModel[] = [];
  /** The room on the screen; undefined: none is left. */
  current: RoomModel | undefined;
  /** Who I am; undefined until the first sign-in on the socket. */
  user: UserView | undefined;

  readonly owner: string;
  readonly unsent: Unsent;
  private readonly tokens: TokenSource;
  private readonly marks: ReadMarks;

  constructor(session: Session) {
    super();
    this.owner = session.owner;
    this.tokens = new TokenSource(session);
    this.marks = new ReadMarks(session.owner);
    this.unsent = new Unsent(session.owner);
    this.client = new MilongaClient({ url: socketUrl, getToken: this.tokens.get });
    this.client.on('state', (state) => this.onState(state));
    for (const slug of loadMyRooms(session.owner)) this.add(slug);
  }

  get connection(): ConnectionState {
    return this.client.state;
  }

  get myId(): string | undefined {
    return this.user && String(this.user.id);
  }

  /** Before the first sign-in on the socket only the name is known. */
  get me(): Me {
    return { id: this.myId ?? '', username: this.user?.username ?? this.owner };
  }

  get suggestions(): string[] {
    return SUGGESTED_ROOMS.filter((slug) => !this.rooms.some((room) => room.slug === slug));
  }

  get unread(): number {
    return this.rooms.reduce((sum, room) => sum + room.unread, 0);
  }

  /** @param slug the room to begin with, as the address names it */
  start(slug: string): void {
    if (isRoomSlug(slug)) this.open(slug);
    else if (this.rooms[0]) this.open(this.rooms[0].slug);
    this.client.connect();
  }

  /** The same person has signed in again: what was waiting to be sent is sent. */
  resume(session: Session): void {
    this.tokens.session = session;
    this.client.connect();
  }

  /** Somebody has just sent something: the next attempt is made now, unless the server asked for the pause. */
  hurry(): void {
    const { connection } = this;
    if (connection.status !== 'offline' || connection.reason !== 'network') return;
    if ((connection.retryAt ?? 0) - Date.now() > SOON_MS) this.client.connect();
  }

  stop(): void {
    this.client.close();
  }

  open(slug: string): void {
    if (this.current?.slug === slug) return;
    this.current?.close();
    this.current = this.rooms.find((room) => room.slug === slug) ?? this.add(slug);
    this.changed();
  }

  leave(slug: string): void {
    const index = this.rooms.findIndex((room) => room.slug === slug);
    const room = this.rooms[index];
    if (room === undefined) return;
    room.leave();
    this.rooms = this.rooms.filter((other) => other !== room);
    saveMyRooms(this.owner, this.slugs());
    if (this.current === room) this.current = this.rooms[Math.min(index, this.rooms.length - 1)];
    this.changed();
  }

  private add(slug: string): RoomModel {
    const room = new RoomModel(this.client.room(slug), this.marks, this.unsent, () => this.myId);
    room.subscribe(() => this.changed());
    this.rooms = [...this.rooms, room];
    saveMyRooms(this.owner, this.slugs());
    room.enter();
    room.sayAgain();
    return room;
  }

  private slugs(): string[] {
    return this.rooms.map(({ slug }) => slug);
  }

  private onState(state: ConnectionState): void {
    if (state.status === 'online') this.user = state.user;
    if (state.status === 'offline') for (const room of this.rooms) room.connectionLost();
    this.changed();
  }
}
