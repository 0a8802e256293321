import { beforeAll, expect, test } from '@jest/globals';
import { chatMessage, joinRoom } from '../support/client-frames.js';
import { banMember, deleteMember, insertMember, insertRoom } from '../support/rows.js';
import { chatRefused, errorFrame, ROOM_FORBIDDEN, roomJoined } from '../support/server-frames.js';
import type { Guest, TestUser } from '../support/server.js';
import { describeOwnServer, describeServer, testWithLiveRows } from '../support/suite.js';
import { unique } from '../support/unique.js';
import { eventually } from '../support/waiting.js';

/** ROOM-9 promises 5 s; the rest is for slow machines. */
const REVOKED_WITHIN_MS = 8_000;

describeServer('Permission before access', { needs: ['rows'] }, (server) => {
  const privateRoom = unique('private');
  const publicRoom = unique('public');
  let member: TestUser, stranger: TestUser, banned: TestUser;

  beforeAll(async () => {
    member = await server.makeUser('member');
    stranger = await server.makeUser('stranger');
    banned = await server.makeUser('banned');
    await server.arrange(async (sql) => {
      await insertRoom(sql, privateRoom, 'private');
      await insertRoom(sql, publicRoom, 'public');
      await insertMember(sql, privateRoom, member);
      await insertMember(sql, privateRoom, banned, { isBanned: true });
      await insertMember(sql, publicRoom, banned, { isBanned: true });
    });
  }, 90_000);

  test('ROOM-3: a public room that exists is joined by anyone', async () => {
    const client = await server.connectAs(stranger);
    expect(await client.join(publicRoom)).toEqual(roomJoined(publicRoom, 1));
  });

  test('ROOM-4: a private room is joined with a membership row', async () => {
    const client = await server.connectAs(member);
    expect(await client.join(privateRoom)).toEqual(roomJoined(privateRoom, 1));
    await client.say(privateRoom, 'among ourselves');
  });

  test.each([
    ['a private room without a membership row', () => [stranger, privateRoom] as const],
    ['a private room when banned', () => [banned, privateRoom] as const],
    ['a public room when banned', () => [banned, publicRoom] as const],
  ])('ROOM-4: %s is refused, and nothing is seen or sent there', async (_what, who) => {
    const [user, roomSlug] = who();
    const inside = await server.connectAs(member);
    await inside.join(roomSlug);
    const client = await server.connectAs(user);
    client.sendTogether(joinRoom(roomSlug), chatMessage(roomSlug, 'let me in', 'm1'));
    expect(await client.nextFew(2)).toEqual([errorFrame(ROOM_FORBIDDEN), chatRefused('m1')]);
    await inside.say(roomSlug, 'not for everyone');
    expect(await client.barrier()).toEqual([]);
    // Guests of the test before may still be leaving.
    expect((await inside.barrier()).filter(({ type }) => type !== 'user_left')).toEqual([]);
  });

  test('ROOM-4: who is not let in reads nothing over HTTP, either', async () => {
    const inside = await server.connectAs(member);
    await inside.join(privateRoom);
    await inside.say(privateRoom, 'a secret of the private room');
    for (const { token } of [stranger, banned]) {
      const answer = await server.get(`/rooms/${privateRoom}/messages`, token);
      expect([403, 404]).toContain(answer.status);
      expect(answer.text).not.toContain('a secret');
    }
    expect((await server.history(privateRoom, member)).map(({ message }) => message)).toContain(
      'a secret of the private room',
    );
  });

  const liveRows = testWithLiveRows(server);

  /** Waits until the guest's messages to the room are refused, as they are to who is no member. */
  async function untilShutOut({ client }: Guest, roomSlug: string): Promise<void> {
    await eventually(
      'The revoked member is shut out',
      async () => {
        const messageId = unique('probe');
        client.send(chatMessage(roomSlug, 'am I still in?', messageId));
        const answer = await client.nextWhere(
          'an answer to the probe',
          (frame) => frame['messageId'] === messageId && ['message_sent', 'error'].includes(frame.type),
        );
        return answer.type === 'error' ? true : undefined;
      },
      { within: REVOKED_WITHIN_MS, every: 200 },
    );
  }

  liveRows('ROOM-9: a revoked membership of a private room ends on live connections within 5 s', async () => {
    const roomSlug = unique('private');
    const { ana, bob } = await server.guests('ana', 'bob');
    await server.arrange(async (sql) => {
      await insertRoom(sql, roomSlug, 'private');
      await insertMember(sql, roomSlug, ana.user);
      await insertMember(sql, roomSlug, bob.user);
    });
    await ana.client.join(roomSlug);
    await bob.client.join(roomSlug);
    await server.arrange(async (sql) => deleteMember(sql, roomSlug, bob.user));
    await untilShutOut(bob, roomSlug);
    bob.client.takeAll();
    await ana.client.say(roomSlug, 'without bob');
    expect(await bob.client.barrier()).toEqual([]);
    bob.client.send(joinRoom(roomSlug));
    expect(await bob.client.next()).toEqual(errorFrame(ROOM_FORBIDDEN));
  });

  liveRows('TOLD-3: who speaks protocol 2 is told, and gets nothing of the room after that', async () => {
    const roomSlug = unique('public');
    const { ana, bob } = await server.members(roomSlug, 'ana', 'bob');
    const second = await server.connect2(bob.user);
    await second.join(roomSlug);
    await server.arrange(async (sql) => banMember(sql, roomSlug, bob.user));
    expect(await second.nextOfType('room_removed')).toEqual({ type: 'room_removed', roomSlug });
    await ana.client.nextOfType('user_left');
    await ana.client.say(roomSlug, 'without bob');
    expect(await second.barrier()).toEqual([]);
    expect((await bob.client.barrier()).map(({ type }) => type)).toEqual([]);
  });

  liveRows('ROOM-9: a ban takes effect on every live connection of the user within 5 s', async () => {
    const roomSlug = unique('public');
    const { ana, bob } = await server.members(roomSlug, 'ana', 'bob');
    const second = await server.connectAs(bob.user);
    await second.join(roomSlug);
    await server.arrange(async (sql) => banMember(sql, roomSlug, bob.user));
    await untilShutOut(bob, roomSlug);
    await untilShutOut({ ...bob, client: second }, roomSlug);
    bob.client.takeAll();
    second.takeAll();
    await ana.client.say(roomSlug, 'without bob');
    expect(await bob.client.barrier()).toEqual([]);
    expect(await second.barrier()).toEqual([]);
    second.send(joinRoom(roomSlug));
    expect(await second.next()).toEqual(errorFrame(ROOM_FORBIDDEN));
  });

  liveRows('ROOM-4: a membership row counts at once for the next join', async () => {
    const roomSlug = unique('private');
    const { ana } = await server.guests('ana');
    await server.arrange(async (sql) => insertRoom(sql, roomSlug, 'private'));
    ana.client.send(joinRoom(roomSlug));
    expect(await ana.client.next()).toEqual(errorFrame(ROOM_FORBIDDEN));
    await server.arrange(async (sql) => insertMember(sql, roomSlug, ana.user));
    ana.client.send(joinRoom(roomSlug));
    expect(await ana.client.next()).toEqual(roomJoined(roomSlug, 1));
  });
});

describeOwnServer('Permission without new rooms', { environment: { ROOM_AUTO_CREATE: 'false' } }, (server) => {
  test('ROOM-3, ROOM-4: a missing and a closed room are refused with the same frame; an open one is joined', async () => {
    const [open, closed, missing] = [unique('open'), unique('closed'), unique('missing')];
    const user = await server.makeUser();
    await server.arrange(async (sql) => {
      await insertRoom(sql, open, 'public');
      await insertRoom(sql, closed, 'private');
    });
    const client = await server.connectAs(user);
    client.sendTogether(joinRoom(missing), joinRoom(closed), joinRoom(open));
    expect(await client.nextFew(3)).toEqual([
      errorFrame(ROOM_FORBIDDEN),
      errorFrame(ROOM_FORBIDDEN),
      roomJoined(open, 1),
    ]);
  });
});
