import { Connection, type ConnectionEvents, type ConnectionOptions } from './connection.js';
import type { ConnectionState } from './connection-state.js';
import { Room } from './room.js';

/** A user's connection to a Milonga server. Nothing happens before `connect()`. */
export class MilongaClient {
  readonly #connection: Connection;
  readonly #rooms = new Map<string, Room>();

  constructor(options: ConnectionOptions) {
    this.#connection = new Connection(options);
  }

  get state(): ConnectionState {
    return this.#connection.state;
  }

  /** Those wanted: joined, or to be joined when the connection comes. */
  get rooms(): Room[] {
    return [...this.#rooms.values()].filter(({ state }) => state === 'joined' || state === 'joining');
  }

  /** @returns the function that ends it */
  on<Type extends keyof ConnectionEvents>(type: Type, listener: (value: ConnectionEvents[Type]) => void): () => void {
    return this.#connection.events.on(type, listener);
  }

  /** Begins, and from then on comes back by itself. While the next attempt is waited for: makes it now. */
  connect(): void {
    this.#connection.connect();
  }

  /** Ends the connection until `connect()`. Rooms stay wanted, and what waits to be sent goes on waiting. */
  close(): void {
    this.#connection.close();
  }

  /** The room of that name: always the same object. */
  room(slug: string): Room {
    let room = this.#rooms.get(slug);
    if (room === undefined) {
      room = new Room(slug, this.#connection);
      this.#rooms.set(slug, room);
    }
    return room;
  }
}
