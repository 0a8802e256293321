import { expect } from '@jest/globals';
import { newMessage } from '../support/server-frames.js';
import { OwnServer } from '../support/own-server.js';
import type { TestServer, TestUser } from '../support/server.js';
import { unique } from '../support/unique.js';
import { TestClient } from '../support/ws-client.js';

/** Where the bystanders are, and where newcomers go: they must be there where joining makes no rooms. */
export const ARENA_ROOMS = { bystanders: unique('bystanders'), newcomers: unique('newcomers') };

/** The people who are there when somebody attacks, and who must not notice. */
export class Arena {
  private constructor(
    private readonly server: TestServer,
    private readonly bystander: TestClient,
    private readonly friend: TestClient,
    private readonly friendUser: TestUser,
    private readonly newcomer: TestUser,
  ) {}

  static async open(server: TestServer): Promise<Arena> {
    const [first, second, newcomer] = [
      await server.makeUser('bystander'),
      await server.makeUser('friend'),
      await server.makeUser('newcomer'),
    ];
    const arena = new Arena(server, await enter(server, first), await enter(server, second), second, newcomer);
    await arena.bystander.join(ARENA_ROOMS.bystanders);
    await arena.friend.join(ARENA_ROOMS.bystanders);
    await arena.bystander.nextOfType('user_joined');
    return arena;
  }

  async close(): Promise<void> {
    await Promise.all([this.bystander.close(), this.friend.close()]);
  }

  /** The process lives, the bystander was told nothing and hears its friend, and somebody new is served. */
  async isWell(): Promise<void> {
    if (this.server instanceof OwnServer) expect(this.server.process.hasEnded).toBe(false);
    expect(await this.bystander.barrier()).toEqual([]);
    const messageId = unique('word');
    await this.friend.say(ARENA_ROOMS.bystanders, 'all is well', messageId);
    expect(await this.bystander.next()).toEqual(
      newMessage(this.friendUser, ARENA_ROOMS.bystanders, 'all is well', messageId),
    );
    const client = await enter(this.server, this.newcomer);
    await client.join(ARENA_ROOMS.newcomers);
    await client.close();
  }
}

/** Not adopted by the server: it stays when a test's own clients go home. */
async function enter(server: TestServer, { token }: TestUser): Promise<TestClient> {
  const client = await TestClient.connect(`${server.socketUrl}/`);
  await client.authenticate(token);
  return client;
}
