import type { ClientOptions } from 'ws';
import { auth2 } from './client-frames.js';
import type { Sql } from './database.js';
import { http, type HttpAnswer } from './http.js';
import type { Person } from './server-frames.js';
import { unique } from './unique.js';
import { TestClient } from './ws-client.js';

export interface TestUser extends Person {
  readonly token: string;
}

/** A user with an authenticated connection. */
export interface Guest {
  readonly user: TestUser;
  readonly client: TestClient;
}

/** A server under test, seen from the outside: what it is asked over HTTP and WebSocket. */
export abstract class TestServer {
  /** What the title of a suite says about it. */
  abstract readonly name: string;
  /** Whether `arrange` writes while the server runs; if not, it stops and starts it. */
  abstract readonly writesLive: boolean;
  /** `http://host:port` */
  abstract readonly url: string;
  abstract readonly apiKey: string;

  private readonly clients = new Set<TestClient>();

  abstract start(): Promise<void>;
  abstract stop(): Promise<void>;

  /** Writes rows as another program would. On an embedded database that means a restart: every connection is gone. */
  abstract arrange<T>(work: (sql: Sql) => Promise<T>): Promise<T>;

  get socketUrl(): string {
    return this.url.replace(/^http/, 'ws');
  }

  async connect(options: ClientOptions = {}, path = '/'): Promise<TestClient> {
    return this.adopt(await TestClient.connect(`${this.socketUrl}${path}`, options));
  }

  /** Has the client go home with those that this server connected. */
  adopt(client: TestClient): TestClient {
    this.clients.add(client);
    return client;
  }

  async connectAs({ token }: { readonly token: string }, options: ClientOptions = {}): Promise<TestClient> {
    const client = await this.connect(options);
    await client.authenticate(token);
    return client;
  }

  /** The same, speaking protocol 2. */
  async connect2({ token }: { readonly token: string }): Promise<TestClient> {
    const client = await this.connect();
    client.send(auth2(token));
    await client.nextOfType('auth_success');
    return client;
  }

  /** A new user, by demo login. */
  async makeUser(nickname = 'guest'): Promise<TestUser> {
    const username = unique(nickname);
    const answer = await this.post('/auth/demo', { username, name: `Name of ${username}` });
    const { token, user } = answer.json as { token: string; user: Person };
    return { ...user, token };
  }

  /** A new user with an authenticated connection. */
  async guest(nickname = 'guest'): Promise<Guest> {
    const user = await this.makeUser(nickname);
    return { user, client: await this.connectAs(user) };
  }

  /** New users by name, each with an authenticated connection. */
  async guests<Name extends string>(...names: Name[]): Promise<Record<Name, Guest>> {
    const guests: Partial<Record<Name, Guest>> = {};
    for (const name of names) guests[name] = await this.guest(name);
    return guests as Record<Name, Guest>;
  }

  /** New users by name, in the room in that order; what they were told of each other's arrival is taken already. */
  async members<Name extends string>(roomSlug: string, ...names: Name[]): Promise<Record<Name, Guest>> {
    const guests = await this.guests(...names);
    for (const [index, name] of names.entries()) {
      await guests[name].client.join(roomSlug);
      for (const earlier of names.slice(0, index)) await guests[earlier].client.nextOfType('user_joined');
    }
    return guests;
  }

  async get(path: string, token?: string): Promise<HttpAnswer> {
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return http(`${this.url}${path}`, { headers });
  }

  async post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<HttpAnswer> {
    return http(`${this.url}${path}`, { method: 'POST', body, headers });
  }

  /** A request to the server-to-server endpoints, with the key. */
  async command(path: string, body: unknown = {}): Promise<HttpAnswer> {
    return this.post(path, body, { 'x-api-key': this.apiKey });
  }

  /** All stored messages of a room, oldest first, as a member reads them over HTTP. */
  async history(roomSlug: string, { token }: { readonly token: string }): Promise<StoredMessage[]> {
    const all: StoredMessage[] = [];
    for (;;) {
      const after = all.at(-1)?.id ?? 0;
      const answer = await this.get(`/rooms/${roomSlug}/messages?limit=100&after=${after}`, token);
      if (answer.status !== 200) throw new Error(`History of ${roomSlug}: ${answer.status} ${answer.text}`);
      const { messages, hasMore } = answer.json as { messages: StoredMessage[]; hasMore: boolean };
      all.push(...messages);
      if (!hasMore || messages.length === 0) return all;
    }
  }

  /** Ends all connections that this suite opened. */
  async sendEveryoneHome(): Promise<void> {
    const clients = [...this.clients];
    this.clients.clear();
    await Promise.all(
      clients.map(async (client) => {
        try {
          client.resumeReading();
          await client.close();
        } catch {
          client.drop();
        }
      }),
    );
  }
}

export interface StoredMessage {
  readonly id: number;
  readonly slug: string;
  readonly message: string;
}
