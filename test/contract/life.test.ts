import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { roomMembers, typing } from '../support/client-frames.js';
import { insertMember } from '../support/rows.js';
import {
  errorFrame,
  INVALID_FORMAT,
  newMessage,
  refusal,
  roomMembersOf,
  userTyping,
} from '../support/server-frames.js';
import type { TestUser } from '../support/server.js';
import { describeServer, testWithLiveRows } from '../support/suite.js';
import { unique } from '../support/unique.js';
import { eventually } from '../support/waiting.js';
import type { TestClient } from '../support/ws-client.js';

const LISTED = 200;
const AT_ONCE = 5;

interface Dancer {
  readonly user: TestUser;
  readonly client: TestClient;
}

describeServer('Life in a room', {}, (server) => {
  async function dancer(nickname: string): Promise<Dancer> {
    const user = await server.makeUser(nickname);
    return { user, client: await server.connect2(user) };
  }

  /** Ana and Bob on protocol 2, and Vera on protocol 1, in a new room. */
  async function floor() {
    const roomSlug = unique('room');
    const [ana, bob, vera] = [await dancer('ana'), await dancer('bob'), await server.guest('vera')];
    const all = [ana, bob, vera];
    for (const [i, { client }] of all.entries()) {
      await client.join(roomSlug);
      for (const earlier of all.slice(0, i)) await earlier.client.nextOfType('user_joined');
    }
    return { roomSlug, ana, bob, vera };
  }

  test('LIFE-1: a member is told who is in the room', async () => {
    const { roomSlug, ana, bob, vera } = await floor();
    ana.client.send({ ...roomMembers(roomSlug), requestId: 'who' });
    const answer = await ana.client.next();
    const { users, ...rest } = roomMembersOf(roomSlug, ana.user, bob.user, vera.user);
    expect(answer).toEqual({ ...rest, users: expect.arrayContaining(users), requestId: 'who' });
    expect(answer['users']).toHaveLength(3);
  });

  test('LIFE-1: a user with two connections is listed once, until the last is gone', async () => {
    const { roomSlug, ana, bob, vera } = await floor();
    const second = await server.connect2(bob.user);
    await second.join(roomSlug);
    await vera.client.close();
    await ana.client.nextOfType('user_left');
    await bob.client.leave(roomSlug);
    const list = async () => {
      ana.client.send(roomMembers(roomSlug));
      return ana.client.nextOfType('room_members');
    };
    expect(await list()).toMatchObject({
      userCount: 2,
      users: expect.arrayContaining([expect.objectContaining({ userId: bob.user.id })]),
    });
    await second.leave(roomSlug);
    await ana.client.nextOfType('user_left');
    expect(await list()).toEqual(roomMembersOf(roomSlug, ana.user));
  });

  test(`LIFE-1: of a large room ${LISTED} are listed, and all are counted`, async () => {
    const roomSlug = unique('room');
    // A few at a time: a crowd that signs in at once is more than a busy machine's embedded database answers in time.
    for (let i = 0; i < LISTED + AT_ONCE; i += AT_ONCE) {
      const few = Array.from({ length: AT_ONCE }, async () => (await server.guest()).client.join(roomSlug));
      await Promise.all(few);
    }
    const ana = await dancer('ana');
    await ana.client.join(roomSlug);
    const answer = await eventually('All are counted', async () => {
      ana.client.send(roomMembers(roomSlug));
      const frame = await ana.client.nextOfType('room_members');
      return frame['userCount'] === LISTED + AT_ONCE + 1 ? frame : undefined;
    });
    expect(answer['users']).toHaveLength(LISTED);
  });

  test('LIFE-2: the other members on protocol 2 are told who begins to type, once, and who ends it', async () => {
    const { roomSlug, ana, bob, vera } = await floor();
    const second = await server.connect2(ana.user);
    await second.join(roomSlug);
    ana.client.sendTogether(typing(roomSlug), typing(roomSlug), typing(roomSlug, false), typing(roomSlug, false));
    expect(await bob.client.nextFew(2)).toEqual([
      userTyping(ana.user, roomSlug, true),
      userTyping(ana.user, roomSlug, false),
    ]);
    const [, own] = await ana.client.say(roomSlug, 'Hola');
    expect(await bob.client.next()).toEqual(own);
    expect(await vera.client.next()).toEqual(own);
    expect(await second.next()).toEqual(own);
    for (const { client } of [ana, bob, vera, { client: second }]) expect(await client.barrier()).toEqual([]);
  });

  test('LIFE-2: who sends what they typed has ended', async () => {
    const { roomSlug, ana, bob } = await floor();
    ana.client.send(typing(roomSlug));
    expect(await bob.client.next()).toEqual(userTyping(ana.user, roomSlug, true));
    await ana.client.say(roomSlug, 'Hola', 'm1');
    const told = await bob.client.nextFew(2);
    expect(told).toContainEqual(userTyping(ana.user, roomSlug, false));
    expect(told).toContainEqual(newMessage(ana.user, roomSlug, 'Hola', 'm1'));
  });

  test.each<[string, (ana: Dancer, roomSlug: string) => unknown]>([
    ['leaves', async ({ client }, roomSlug) => client.leave(roomSlug)],
    ['disconnects', async ({ client }) => client.close()],
    ['drops', ({ client }) => client.drop()],
  ])('LIFE-2: who %s has ended', async (_, go) => {
    const { roomSlug, ana, bob } = await floor();
    ana.client.send(typing(roomSlug));
    expect(await bob.client.next()).toEqual(userTyping(ana.user, roomSlug, true));
    await go(ana, roomSlug);
    expect(await bob.client.nextOfType('user_typing')).toEqual(userTyping(ana.user, roomSlug, false));
    expect((await bob.client.barrier()).filter(({ type }) => type === 'user_typing')).toEqual([]);
  });

  test('LIFE-2: who says nothing more of it has ended a while later', async () => {
    const { roomSlug, ana, bob } = await floor();
    const carl = await dancer('carl');
    await carl.client.join(roomSlug);
    ana.client.send(typing(roomSlug));
    await carl.client.nextOfType('user_typing');
    await pause(1_000);
    bob.client.send(typing(roomSlug));
    await carl.client.nextOfType('user_typing');
    ana.client.send(typing(roomSlug));
    expect(await carl.client.nextFew(2)).toEqual([
      userTyping(bob.user, roomSlug, false),
      userTyping(ana.user, roomSlug, false),
    ]);
    expect(await carl.client.barrier()).toEqual([]);
  });

  test.each([
    ['LIFE-1: who is in the room', roomMembers],
    ['LIFE-2: to type', typing],
  ])('%s is for members', async (_, frame) => {
    const { roomSlug, ana } = await floor();
    const stranger = await dancer('stranger');
    stranger.client.send(frame(roomSlug));
    expect(await stranger.client.next()).toEqual(refusal('not_in_room', 'Not in this room'));
    await ana.client.leave(roomSlug);
    ana.client.send(frame(roomSlug));
    expect(await ana.client.next()).toEqual(refusal('not_in_room', 'Not in this room'));
  });

  test('CONN-2: what is malformed, or of a v1 connection, is told so', async () => {
    const { roomSlug, ana, vera } = await floor();
    const malformed = [roomMembers('No such name'), typing(roomSlug, 'yes'), typing(roomSlug, null)];
    ana.client.sendTogether(...malformed);
    expect(await ana.client.nextFew(3)).toEqual(malformed.map(() => refusal('invalid_format', INVALID_FORMAT)));
    vera.client.sendTogether(roomMembers(roomSlug), typing(roomSlug));
    expect(await vera.client.nextFew(2)).toEqual([errorFrame(INVALID_FORMAT), errorFrame(INVALID_FORMAT)]);
  });

  testWithLiveRows(server)('LIFE-2: who is muted does not type', async () => {
    const { roomSlug, ana, bob } = await floor();
    await server.arrange(async (sql) => insertMember(sql, roomSlug, ana.user, { isMuted: true }));
    const answer = await eventually('The mute counts', async () => {
      ana.client.send(typing(roomSlug));
      return (await ana.client.barrier()).at(-1);
    });
    expect(answer).toEqual(refusal('muted', 'Muted in this room'));
    await ana.client.leave(roomSlug);
    await bob.client.nextOfType('user_left');
  });
});
