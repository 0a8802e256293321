import { afterAll, beforeAll, describe } from '@jest/globals';
import { Redis as Client } from 'ioredis';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasRedisServer, Redis } from '../../verify/cluster/redis.mjs';
import { auth2 } from '../support/client-frames.js';
import { TEST_DATABASE_URL } from '../support/database.js';
import { http } from '../support/http.js';
import { OwnServer } from '../support/own-server.js';
import type { Environment } from '../support/server-process.js';
import type { TestUser } from '../support/server.js';
import { claimsFor, signToken } from '../support/tokens.js';
import { unique } from '../support/unique.js';
import { messageIdOf, TestClient } from '../support/ws-client.js';

const HOOK_MS = 60_000;
const AT_ONCE = 100;

/** Two nodes with a PostgreSQL database and a Redis of their own, which faults may be done to. */
export class Nodes extends OwnServer {
  private readonly folder = mkdtempSync(join(tmpdir(), 'milonga-redis-'));
  private server: Redis | undefined;
  private admin: Client | undefined;

  constructor(environment: Environment) {
    super('postgresql', environment);
  }

  /** The process that nodes talk to. */
  get redis(): Redis {
    return this.server!;
  }

  override async start(): Promise<void> {
    this.server = await Redis.create(this.folder);
    this.configure({ REDIS_URL: this.server.url });
    this.admin = new Client(this.server.url, { lazyConnect: true });
    await super.start();
  }

  override async stop(): Promise<void> {
    this.redis.thaw();
    await super.stop();
    this.admin?.disconnect();
    await this.redis.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** What an operator would type into redis-cli. */
  async redisCommand(name: string, ...args: (string | Buffer)[]): Promise<unknown> {
    return this.admin!.call(name, ...args);
  }

  /** The shared memory's part about one node in the only room of a user: its key, and the number of its last word. */
  async rosterOf(userId: number): Promise<{ key: string; node: string; seq: number }> {
    for (const key of (await this.redisCommand('KEYS', '*{room:*')) as string[]) {
      const fields = (await this.redisCommand('HKEYS', key)) as string[];
      const node = fields.find((field) => field.endsWith(`/${userId}`))?.split('/')[0];
      if (node !== undefined) return { key, node, seq: parseInt(String(await this.redisCommand('HGET', key, node))) };
    }
    throw new Error(`User ${userId} is in no room`);
  }

  /** Commands that Redis has been given by anybody. */
  async redisCalls(...names: string[]): Promise<number> {
    const stats = String(await this.redisCommand('INFO', 'commandstats'));
    const calls = names.map((name) => Number(new RegExp(`cmdstat_${name}:calls=(\\d+)`).exec(stats)?.[1] ?? 0));
    return calls.reduce((sum, count) => sum + count, 0);
  }

  /** An authenticated connection to one node. */
  async connectTo(node: number, { token }: Pick<TestUser, 'token'>): Promise<TestClient> {
    const client = await TestClient.connect(`ws://127.0.0.1:${this.nodePorts[node]}/ws`);
    this.adopt(client);
    await client.authenticate(token);
    return client;
  }

  /** The same, speaking protocol 2. */
  async connect2To(node: number, user: Pick<TestUser, 'token'>): Promise<TestClient> {
    const client = await this.connectTo(node, user);
    client.send(auth2(user.token));
    await client.nextOfType('auth_success');
    return client;
  }

  /**
   * Authenticated connections of new users.
   *
   * @param nodeOf where each is
   */
  async crowd(count: number, nodeOf: (i: number) => number): Promise<{ user: { id: number }; client: TestClient }[]> {
    const rows = await this.arrange((sql) =>
      sql(`INSERT INTO users (username) SELECT gen_random_uuid() FROM generate_series(1, $1::int) RETURNING id`, [
        count,
      ]),
    );
    const crowd = [];
    for (let i = 0; i < count; i += AT_ONCE) {
      const some = rows.slice(i, i + AT_ONCE).map(async (row, j) => {
        const user = { id: Number(row['id']) };
        const token = await signToken(claimsFor(user.id));
        return { user, client: await this.connectTo(nodeOf(i + j), { token }) };
      });
      crowd.push(...(await Promise.all(some)));
    }
    return crowd;
  }

  /** Ana on the first node, Bob on the second, both in a new room, and she has been told of him. */
  async couple() {
    const roomSlug = unique('room');
    const [ana, bob] = [await this.makeUser('ana'), await this.makeUser('bob')];
    const [a, b] = [await this.connectTo(0, ana), await this.connectTo(1, bob)];
    await a.join(roomSlug);
    await b.join(roomSlug);
    await a.nextOfType('user_joined');
    return { roomSlug, ana, bob, a, b };
  }

  /** The value of one of a node's metrics. */
  async metric(node: number, name: string): Promise<number> {
    const { text } = await http(`http://127.0.0.1:${this.nodePorts[node]}/metrics`);
    return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? NaN);
  }
}

/** A suite about two nodes, `server.connectTo(0 | 1, user)`. */
export function describeNodes(title: string, environment: Environment, define: (server: Nodes) => void): void {
  const missing =
    TEST_DATABASE_URL === undefined ? 'TEST_DATABASE_URL is not set' : hasRedisServer() ? '' : 'no redis-server';
  const server = new Nodes(environment);
  (missing === '' ? describe : describe.skip)(missing === '' ? title : `${title} [skipped: ${missing}]`, () => {
    beforeAll(async () => server.start(), HOOK_MS);
    afterAll(async () => server.stop(), HOOK_MS);
    define(server);
  });
}

/** The messageIds of the messages that a client was given, in order. */
export function seenBy(client: TestClient): unknown[] {
  return client.received.map(messageIdOf).filter((id) => id !== undefined);
}
