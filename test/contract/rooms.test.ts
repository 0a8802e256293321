import { expect, test } from '@jest/globals';
import { chatMessage, joinRoom, leaveRoom } from '../support/client-frames.js';
import { errorFrame, INVALID_FORMAT, roomJoined, roomLeft, userJoined, userLeft } from '../support/server-frames.js';
import { describeOwnServer, describeServer } from '../support/suite.js';
import { unique } from '../support/unique.js';

describeServer('Rooms', {}, (server) => {
  test('ROOM-1: joining is answered room_joined, and the others are told user_joined', async () => {
    const roomSlug = unique('room');
    const { ana, bob } = await server.guests('ana', 'bob');
    ana.client.send(joinRoom(roomSlug));
    expect(await ana.client.next()).toEqual(roomJoined(roomSlug, 1));
    bob.client.send(joinRoom(roomSlug));
    expect(await bob.client.next()).toEqual(roomJoined(roomSlug, 2));
    expect(await ana.client.next()).toEqual(userJoined(bob.user, roomSlug));
    expect(await bob.client.barrier()).toEqual([]);
    expect(await ana.client.barrier()).toEqual([]);
  });

  test('ROOM-1: only members of that room are told', async () => {
    const roomSlug = unique('room');
    const { ana } = await server.members(unique('room'), 'ana');
    const { bob } = await server.members(roomSlug, 'bob');
    await (await server.guest()).client.join(roomSlug);
    await bob.client.nextOfType('user_joined');
    expect(await ana.client.barrier()).toEqual([]);
  });

  test('ROOM-1: a user who joined and left is counted no more', async () => {
    const roomSlug = unique('room');
    const { ana, bob } = await server.members(roomSlug, 'ana', 'bob');
    await ana.client.leave(roomSlug);
    await bob.client.leave(roomSlug);
    expect(await ana.client.join(roomSlug)).toEqual(roomJoined(roomSlug, 1));
  });

  test.each(['0', 'a', 'general-chat', 'a_b-c', '9__--', `x${'y'.repeat(63)}`])(
    'ROOM-2: %s is a slug',
    async (slug) => {
      const { client } = await server.guest();
      client.send(joinRoom(slug));
      expect(await client.next()).toMatchObject({ type: 'room_joined', roomSlug: slug });
    },
  );

  test.each([
    '',
    'A',
    'General',
    '-a',
    '_a',
    'a b',
    ' a',
    'a ',
    'a\n',
    'a\u0000',
    'a.b',
    'a/b',
    '../a',
    'ñandu',
    'a\u0301',
    '🎉',
    "a'--",
    `x${'y'.repeat(64)}`,
    'x'.repeat(10_000),
  ])('ROOM-2: %j is no slug, in any frame', async (slug) => {
    const { client } = await server.guest();
    client.sendTogether(joinRoom(slug), leaveRoom(slug), chatMessage(slug, 'hello'));
    expect(await client.nextFew(3)).toEqual(Array.from({ length: 3 }, () => errorFrame(INVALID_FORMAT)));
  });

  test('ROOM-5: joining twice on one connection answers again and tells nobody', async () => {
    const roomSlug = unique('room');
    const { ana, bob } = await server.members(roomSlug, 'ana', 'bob');
    bob.client.send(joinRoom(roomSlug));
    expect(await bob.client.next()).toEqual(roomJoined(roomSlug, 2));
    await bob.client.say(roomSlug, 'the next that is seen');
    expect((await ana.client.next()).type).toBe('new_message');
  });

  test('ROOM-5: after joining twice, one leave leaves', async () => {
    const roomSlug = unique('room');
    const { ana, bob } = await server.members(roomSlug, 'ana', 'bob');
    await bob.client.join(roomSlug);
    await bob.client.leave(roomSlug);
    expect(await ana.client.next()).toEqual(userLeft(bob.user, roomSlug));
    await ana.client.say(roomSlug, 'bob hears no more');
    expect(await bob.client.barrier()).toEqual([]);
  });

  test('ROOM-5: a user with several connections is one member, gone with the last', async () => {
    const roomSlug = unique('room');
    const { ana, bob } = await server.members(roomSlug, 'ana', 'bob');
    const second = await server.connectAs(bob.user);
    second.send(joinRoom(roomSlug));
    expect(await second.next()).toEqual(roomJoined(roomSlug, 2));
    await second.say(roomSlug, 'whoever hears this knows that I am here');
    for (const { client } of [ana, bob]) expect((await client.next()).type).toBe('new_message');
    await bob.client.leave(roomSlug);
    await ana.client.say(roomSlug, 'until now nobody came or went');
    expect((await second.next()).type).toBe('new_message');
    expect(await second.barrier()).toEqual([]);
    expect(await ana.client.barrier()).toEqual([]);
    expect(await bob.client.barrier()).toEqual([]);
    await second.leave(roomSlug);
    expect(await ana.client.next()).toEqual(userLeft(bob.user, roomSlug));
    expect(await ana.client.barrier()).toEqual([]);
  });

  test('ROOM-5: a second connection that closes takes nobody away', async () => {
    const roomSlug = unique('room');
    const { ana, bob } = await server.members(roomSlug, 'ana', 'bob');
    const second = await server.connectAs(bob.user);
    await second.join(roomSlug);
    await second.close(1000);
    const { client, user } = await server.guest();
    expect(await client.join(roomSlug)).toEqual(roomJoined(roomSlug, 3));
    for (const member of [ana, bob]) {
      expect(await member.client.next()).toEqual(userJoined(user, roomSlug));
      expect(await member.client.barrier()).toEqual([]);
    }
  });

  test('ROOM-6: leaving is answered room_left, and those who remain are told user_left', async () => {
    const roomSlug = unique('room');
    const { ana, bob } = await server.members(roomSlug, 'ana', 'bob');
    bob.client.send(leaveRoom(roomSlug));
    expect(await bob.client.next()).toEqual(roomLeft(roomSlug));
    expect(await ana.client.next()).toEqual(userLeft(bob.user, roomSlug));
    expect(await bob.client.barrier()).toEqual([]);
  });

  test('ROOM-6: leaving a room that was not joined is answered room_left and tells nobody', async () => {
    const roomSlug = unique('room');
    const { ana } = await server.members(roomSlug, 'ana');
    const { bob } = await server.guests('bob');
    bob.client.sendTogether(leaveRoom(roomSlug), leaveRoom(unique('no-such-room')));
    expect(await bob.client.nextFew(2)).toEqual([
      roomLeft(roomSlug),
      { ...roomLeft(''), roomSlug: expect.any(String) },
    ]);
    await ana.client.say(roomSlug, 'the next that is seen');
    expect(await ana.client.barrier()).toEqual([]);
  });

  test('ROOM-6: leaving one room keeps the others', async () => {
    const [first, second] = [unique('room'), unique('room')];
    const { ana, bob } = await server.members(first, 'ana', 'bob');
    await ana.client.join(second);
    await ana.client.leave(first);
    await bob.client.nextOfType('user_left');
    await bob.client.say(first, 'not for ana');
    await ana.client.say(second, 'still here');
    expect(await ana.client.barrier()).toEqual([]);
  });

  test('ROOM-8: at most 128 rooms per connection', async () => {
    const { client } = await server.guest();
    const rooms = Array.from({ length: 128 }, () => unique('room'));
    client.sendTogether(...rooms.map(joinRoom));
    expect(await client.nextFew(128)).toEqual(rooms.map((room) => roomJoined(room, 1)));
    client.send(joinRoom(unique('room')));
    expect(await client.next()).toEqual(errorFrame('Too many rooms'));
  });
});

describeOwnServer('Few rooms', { environment: { MAX_ROOMS_PER_CONNECTION: '2' }, on: 'one' }, (server) => {
  test('ROOM-8: beyond MAX_ROOMS_PER_CONNECTION a join is refused, and nobody is told', async () => {
    const { ana, bob } = await server.guests('ana', 'bob');
    const [first, second, third] = [unique('room'), unique('room'), unique('room')];
    await bob.client.join(third);
    ana.client.sendTogether(joinRoom(first), joinRoom(second), joinRoom(third), joinRoom(second));
    expect(await ana.client.nextFew(4)).toEqual([
      roomJoined(first, 1),
      roomJoined(second, 1),
      errorFrame('Too many rooms'),
      roomJoined(second, 1),
    ]);
    await bob.client.say(third, 'ana does not hear');
    expect(await bob.client.barrier()).toEqual([]);
    ana.client.sendTogether(leaveRoom(first), joinRoom(third));
    expect(await ana.client.nextFew(2)).toEqual([roomLeft(first), roomJoined(third, 2)]);
  });

  test('ROOM-8: it counts per connection, not per user', async () => {
    const { client, user } = await server.guest();
    client.sendTogether(joinRoom(unique('room')), joinRoom(unique('room')));
    await client.nextFew(2);
    const second = await server.connectAs(user);
    await second.join(unique('room'));
  });
});
