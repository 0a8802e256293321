import fc from 'fast-check';
import { expect } from '@jest/globals';
import { auth, chatMessage, joinRoom, leaveRoom, pong } from '../support/client-frames.js';
import {
  authError,
  authSuccess,
  chatRefused,
  errorFrame,
  INVALID_FORMAT,
  messageSent,
  newMessage,
  NOT_AUTHENTICATED,
  roomJoined,
  roomLeft,
} from '../support/server-frames.js';
import type { TestUser } from '../support/server.js';
import type { TestClient } from '../support/ws-client.js';

/** What the protocol says of a connection, in a few words. */
export interface Model {
  isOpen: boolean;
  isAuthenticated: boolean;
  readonly rooms: Set<string>;
  /** Texts by room and messageId (CHAT-4). */
  readonly sent: Map<string, string>;
}

/** The connection itself, with its user, and another whose identity it must not get. */
export interface Real {
  readonly client: TestClient;
  readonly user: TestUser;
  readonly other: TestUser;
  /** Makes rooms those of this run alone. */
  readonly prefix: string;
}

type Command = fc.AsyncCommand<Model, Real>;

/** A frame, what it is answered, and what it changes. */
abstract class Step implements Command {
  check({ isOpen }: Readonly<Model>): boolean {
    return isOpen;
  }

  async run(model: Model, real: Real): Promise<void> {
    const expected = this.expected(model, real);
    real.client.send(this.frame(real));
    expect(await real.client.nextFew(expected.length)).toEqual(expect.arrayContaining(expected));
    this.apply(model, real);
    if (!model.isOpen) expect(await real.client.end()).toMatchObject({ code: 4401 });
    else if (model.isAuthenticated) expect(await real.client.barrier()).toEqual([]);
  }

  abstract frame(real: Real): object | string | Buffer;
  abstract expected(model: Readonly<Model>, real: Real): unknown[];
  abstract toString(): string;

  apply(_model: Model, _real: Real): void {
    // Most frames change nothing.
  }
}

class Authenticate extends Step {
  frame = ({ user }: Real) => auth(user.token);
  expected = (_model: Model, { user }: Real) => [authSuccess(user)];
  override apply(model: Model): void {
    model.isAuthenticated = true;
  }
  override toString = () => 'auth';
}

class AuthenticateAsOther extends Step {
  override check = ({ isOpen, isAuthenticated }: Model) => isOpen && isAuthenticated;
  frame = ({ other }: Real) => auth(other.token);
  expected = () => [errorFrame('Already authenticated')];
  override toString = () => 'auth as another';
}

class AuthenticateWrongly extends Step {
  frame = ({ user }: Real) => auth(`${user.token}x`);
  expected = () => [authError()];
  override apply(model: Model): void {
    model.isOpen = false;
  }
  override toString = () => 'auth with a bad token';
}

class Join extends Step {
  constructor(private readonly room: string) {
    super();
  }
  frame = ({ prefix }: Real) => joinRoom(prefix + this.room);
  expected = ({ isAuthenticated }: Model, { prefix }: Real) => [
    isAuthenticated ? roomJoined(prefix + this.room, 1) : errorFrame(NOT_AUTHENTICATED),
  ];
  override apply(model: Model): void {
    if (model.isAuthenticated) model.rooms.add(this.room);
  }
  override toString = () => `join ${this.room}`;
}

class Leave extends Step {
  constructor(private readonly room: string) {
    super();
  }
  frame = ({ prefix }: Real) => leaveRoom(prefix + this.room);
  expected = ({ isAuthenticated }: Model, { prefix }: Real) => [
    isAuthenticated ? roomLeft(prefix + this.room) : errorFrame(NOT_AUTHENTICATED),
  ];
  override apply(model: Model): void {
    model.rooms.delete(this.room);
  }
  override toString = () => `leave ${this.room}`;
}

class Say extends Step {
  constructor(
    private readonly room: string,
    private readonly text: string,
    private readonly id: string,
  ) {
    super();
  }
  frame = ({ prefix }: Real) => chatMessage(prefix + this.room, this.text, this.id);
  expected({ isAuthenticated, rooms, sent }: Model, { prefix, user }: Real): unknown[] {
    const earlier = sent.get(this.key);
    if (!isAuthenticated) return [errorFrame(NOT_AUTHENTICATED)];
    if (earlier !== undefined) {
      return [earlier === this.text ? messageSent(prefix + this.room, this.id) : chatRefused(this.id)];
    }
    if (!rooms.has(this.room)) return [chatRefused(this.id)];
    return [messageSent(prefix + this.room, this.id), newMessage(user, prefix + this.room, this.text, this.id)];
  }
  override apply(model: Model): void {
    const isStored = model.isAuthenticated && (model.sent.has(this.key) || model.rooms.has(this.room));
    if (isStored && !model.sent.has(this.key)) model.sent.set(this.key, this.text);
  }
  override toString = () => `say ${this.text} as ${this.id} in ${this.room}`;

  private get key(): string {
    return `${this.room} ${this.id}`;
  }
}

class SignOfLife extends Step {
  frame = () => pong();
  expected = () => [];
  override toString = () => 'pong';
}

class Nonsense extends Step {
  constructor(private readonly text: string) {
    super();
  }
  frame = () => this.text;
  expected = () => [errorFrame(INVALID_FORMAT)];
  override toString = () => `nonsense ${JSON.stringify(this.text)}`;
}

const room = fc.constantFrom('-a', '-b', '-c');

/** Any life of a connection. A bad token ends it, so it comes seldom. */
export const lives = fc.commands<Model, Real, false>(
  [
    fc.constant(new Authenticate()),
    fc.constant(new AuthenticateAsOther()),
    room.map((slug) => new Join(slug)),
    room.map((slug) => new Leave(slug)),
    fc.tuple(room, fc.constantFrom('one', 'two'), fc.constantFrom('m1', 'm2', 'm3')).map((parts) => new Say(...parts)),
    fc.constant(new SignOfLife()),
    fc.constantFrom('', '{', '[]', '{"type":"ping"}', '{"type":"join_room"}').map((text) => new Nonsense(text)),
    fc.nat(9).map((roll) => (roll === 0 ? new AuthenticateWrongly() : new SignOfLife())),
  ],
  { size: 'large', maxCommands: 40 },
);
