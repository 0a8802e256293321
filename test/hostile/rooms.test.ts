import { beforeAll, expect, test } from '@jest/globals';
import { chatMessage, joinRoom } from '../support/client-frames.js';
import { deleteMember, insertMember, insertRoom } from '../support/rows.js';
import type { OwnServer } from '../support/own-server.js';
import { errorFrame, newMessage, NOT_AUTHENTICATED } from '../support/server-frames.js';
import type { TestUser } from '../support/server.js';
import { describeOwnServer } from '../support/suite.js';
import { unique } from '../support/unique.js';
import { ARENA_ROOMS } from './arena.js';
import { describeAttacksOnOwn } from './attacks.js';
import { ASKED, PEOPLE, REFUSED, ROOMS, type HttpRow, type RoomRow, type Where, type Who } from './room-rows.js';

const environment = { ROOM_AUTO_CREATE: 'false' };
const slugs = Object.fromEntries(ROOMS.map((name) => [name, unique(name)])) as Record<Where, string>;

/** A hidden room with a member who said something, a public one, and people who may enter neither. */
async function populate(server: OwnServer): Promise<Record<Who, TestUser>> {
  const users = {} as Record<Who, TestUser>;
  for (const who of PEOPLE) users[who] = await server.makeUser(who);
  const member = await server.makeUser('member');
  await server.arrange(async (sql) => {
    for (const slug of [slugs.public, ...Object.values(ARENA_ROOMS)]) await insertRoom(sql, slug, 'public');
    await insertRoom(sql, slugs.hidden, 'private');
    await insertMember(sql, slugs.hidden, member);
    await insertMember(sql, slugs.hidden, users.former);
    await deleteMember(sql, slugs.hidden, users.former);
    await insertMember(sql, slugs.hidden, users.banned, { isBanned: true });
    await insertMember(sql, slugs.public, users.banned, { isBanned: true });
  });
  const inside = await server.connectAs(member);
  await inside.join(slugs.hidden);
  await inside.say(slugs.hidden, 'among ourselves', 'inside');
  await inside.close();
  return users;
}

let people: Record<Who, TestUser>;

describeAttacksOnOwn<RoomRow | HttpRow>(
  'Closed rooms',
  { environment },
  {
    rows: [...REFUSED, ...ASKED],
    prepare: async (server) => void (people = await populate(server)),
    attack: async (row, server) => ('path' in row ? askOverHttp(row, server) : knock(row, server)),
  },
);

async function knock({ who, where, frames, answer }: RoomRow, server: OwnServer): Promise<void> {
  const client = await server.connectAs(people[who]);
  client.sendTogether(...frames(slugs[where]));
  expect(await client.nextFew(answer(slugs[where]).length)).toEqual(answer(slugs[where]));
  expect(await client.barrier()).toEqual([]);
}

async function askOverHttp({ who, path, status }: HttpRow, server: OwnServer): Promise<void> {
  const asked = ROOMS.reduce((text, name) => text.replace(name, slugs[name]), path);
  const answer = await server.get(asked, who === 'nobody' ? undefined : people[who].token);
  expect(answer.status).toBe(status);
  expect(answer.text).not.toMatch(new RegExp(`${slugs.hidden}|among ourselves`));
}

describeOwnServer('What is refused makes nothing', {}, (server) => {
  const wanted = Array.from({ length: 6 }, () => unique('wanted'));
  let made: string[];

  beforeAll(async () => {
    const stranger = await server.connect();
    stranger.sendTogether(joinRoom(wanted[0]!), chatMessage(wanted[1]!, 'hi', 'm'));
    expect((await stranger.nextFew(2))[0]).toEqual(errorFrame(NOT_AUTHENTICATED));
    const { client, user } = await server.guest();
    client.sendTogether(chatMessage(wanted[2]!, 'hi', 'm'), { type: 'leave_room', roomSlug: wanted[3]! });
    await client.nextFew(2);
    await server.get(`/rooms/${wanted[4]!}/messages`, user.token);
    const rooms = Array.from({ length: 128 }, () => unique('room'));
    client.sendTogether(...rooms.map(joinRoom), joinRoom(wanted[5]!));
    expect((await client.nextFew(129)).at(-1)).toEqual(errorFrame('Too many rooms'));
    await server.sendEveryoneHome();
    made = await server.arrange(async (sql) => (await sql('SELECT slug FROM rooms')).map(({ slug }) => String(slug)));
  }, 90_000);

  test.each([
    ['a join before auth', 0],
    ['a message before auth', 1],
    ['a message to a room that was not joined', 2],
    ['a leave', 3],
    ['a look at its history', 4],
    ['a join of one room too many', 5],
  ])('AUTH-4, ROOM-8, CHAT-6: %s makes no room', (_what, index) => {
    expect(made).not.toContain(wanted[index]);
    expect(made.length).toBeGreaterThanOrEqual(128);
  });

  test('nobody speaks as somebody else', async () => {
    const roomSlug = unique('room');
    const { mallory, ana } = await server.members(roomSlug, 'mallory', 'ana');
    mallory.client.takeAll();
    const claims = {
      userId: ana.user.id,
      userSlug: String(ana.user.id),
      username: ana.user.username,
      id: 1,
      data: ana.user,
    };
    mallory.client.send({ ...chatMessage(roomSlug, 'I am Ana', 'm'), ...claims });
    expect(await ana.client.next()).toEqual(newMessage(mallory.user, roomSlug, 'I am Ana', 'm'));
  });
});
