import { expect, test } from '@jest/globals';
import { auth, chatMessage, joinRoom, leaveRoom, pong } from '../support/client-frames.js';
import { insertUser, setActive } from '../support/rows.js';
import {
  authError,
  authSuccess,
  chatRefused,
  errorFrame,
  INVALID_FORMAT,
  newMessage,
  NOT_AUTHENTICATED,
  roomJoined,
} from '../support/server-frames.js';
import { describeOwnServer, describeServer, testWithLiveRows } from '../support/suite.js';
import { claimsFor, signToken } from '../support/tokens.js';
import { unique } from '../support/unique.js';
import { REJECTED, rejection, type Rejection } from '../support/rejection.js';

describeServer('Authentication', {}, (server) => {
  test('AUTH-1: a good token is answered auth_success with the user', async () => {
    const user = await server.makeUser();
    const client = await server.connect();
    client.send(auth(user.token));
    expect(await client.next()).toEqual(authSuccess(user));
    expect(Number.isInteger(user.id)).toBe(true);
  });

  test.each([
    ['join_room', joinRoom('a-room')],
    ['leave_room', leaveRoom('a-room')],
    ['chat_message', chatMessage('a-room', 'hello')],
    ['chat_message with a messageId', chatMessage('a-room', 'hello', 'm1')],
  ])('AUTH-4: %s before auth is answered "Not authenticated" and the connection stays open', async (_what, frame) => {
    const client = await server.connect();
    const { token } = await server.makeUser();
    client.send(frame);
    expect(await client.next()).toEqual(errorFrame(NOT_AUTHENTICATED));
    await client.authenticate(token);
    expect(await client.barrier()).toEqual([]);
  });

  test('AUTH-4: what was sent before auth is never done nor stored', async () => {
    const roomSlug = unique('room');
    const { ana } = await server.members(roomSlug, 'ana');
    const bob = await server.makeUser('bob');
    const early = await server.connect();
    early.sendTogether(joinRoom(roomSlug), chatMessage(roomSlug, 'too early', 'early'), auth(bob.token));
    expect(await early.nextFew(3)).toEqual([
      errorFrame(NOT_AUTHENTICATED),
      errorFrame(NOT_AUTHENTICATED),
      authSuccess(bob),
    ]);
    early.send(chatMessage(roomSlug, 'not a member', 'still-early'));
    expect(await early.next()).toEqual(chatRefused('still-early'));
    await ana.client.say(roomSlug, 'only this', 'first');
    expect(await ana.client.barrier()).toEqual([]);
    expect((await server.history(roomSlug, ana.user)).map(({ slug }) => slug)).toEqual(['first']);
  });

  test('AUTH-4: an unauthenticated connection hears nothing of a room', async () => {
    const roomSlug = unique('room');
    const { ana } = await server.members(roomSlug, 'ana');
    const silent = await server.connect();
    silent.send(joinRoom(roomSlug));
    await silent.nextOfType('error');
    await ana.client.say(roomSlug, 'for members');
    silent.send(joinRoom(roomSlug));
    expect(await silent.next()).toEqual(errorFrame(NOT_AUTHENTICATED));
    expect(silent.received).toHaveLength(2);
  });

  test('BEAT-3, AUTH-4: pong is allowed before auth, and gets no answer', async () => {
    const user = await server.makeUser();
    const client = await server.connect();
    client.sendTogether(pong(), pong(), auth(user.token));
    expect(await client.next()).toEqual(authSuccess(user));
  });

  test('AUTH-6: auth again for the same user answers auth_success and keeps the rooms', async () => {
    const roomSlug = unique('room');
    const { ana, bob } = await server.members(roomSlug, 'ana', 'bob');
    ana.client.send(auth(ana.user.token));
    expect(await ana.client.next()).toEqual(authSuccess(ana.user));
    const [, own] = await ana.client.say(roomSlug, 'still a member');
    expect(own).toEqual(newMessage(ana.user, roomSlug, 'still a member', expect.any(String)));
    expect((await bob.client.barrier()).map(({ type }) => type)).toEqual(['new_message']);
  });

  test('AUTH-6: two auths of one user in one segment both succeed', async () => {
    const user = await server.makeUser();
    const client = await server.connect();
    client.sendTogether(auth(user.token), auth(user.token));
    expect(await client.nextFew(2)).toEqual([authSuccess(user), authSuccess(user)]);
  });

  test('AUTH-6: auth for another user is refused and the first identity stays', async () => {
    const roomSlug = unique('room');
    const { ana } = await server.members(roomSlug, 'ana');
    const bob = await server.makeUser('bob');
    ana.client.send(auth(bob.token));
    expect(await ana.client.next()).toEqual(errorFrame('Already authenticated'));
    const [, own] = await ana.client.say(roomSlug, 'who am I?');
    expect(own).toEqual(newMessage(ana.user, roomSlug, 'who am I?', expect.any(String)));
  });

  test('AUTH-3: after a refused token nothing more is done on the connection', async () => {
    const roomSlug = unique('room');
    const { ana } = await server.members(roomSlug, 'ana');
    const client = await server.connect();
    client.sendTogether(auth('not.a.token'), auth(ana.user.token), joinRoom(roomSlug));
    expect(await client.end()).toMatchObject({ code: 4401 });
    expect(client.takeAll()).toEqual([authError()]);
    expect(await ana.client.barrier()).toEqual([]);
  });

  test('AUTH-3: a bad token on an authenticated connection ends it, too', async () => {
    const { client } = await server.guest();
    client.send(auth('not.a.token'));
    expect(await client.end()).toMatchObject({ code: 4401 });
    expect(client.takeAll()).toEqual([authError()]);
  });
});

describeServer('Users that may not come in', { needs: ['secret', 'rows'] }, (server) => {
  test('AUTH-3: nothing tells a bad token, an unknown user and an inactive user apart', async () => {
    const { inactive, unknown } = await server.arrange(async (sql) => {
      const gone = await insertUser(sql);
      await sql('DELETE FROM users WHERE id = $1', [gone.id]);
      return { inactive: await insertUser(sql, { isActive: false }), unknown: gone };
    });
    const all = {
      badToken: await rejection(server, await signToken(claimsFor(inactive.id), { key: 'x'.repeat(48) })),
      unknownUser: await rejection(server, await signToken(claimsFor(unknown.id))),
      inactiveUser: await rejection(server, await signToken(claimsFor(inactive.id))),
    };
    expect(all.badToken).toMatchObject(REJECTED);
    expect(withoutTime(all.unknownUser)).toEqual(withoutTime(all.badToken));
    expect(withoutTime(all.inactiveUser)).toEqual(withoutTime(all.badToken));
  });

  testWithLiveRows(server)(
    'AUTH-8: a user whose row turns inactive is cut off within 30 s, on every connection',
    async () => {
      const roomSlug = unique('room');
      const { ana, bob } = await server.members(roomSlug, 'ana', 'bob');
      const second = await server.connectAs(ana.user);
      await server.arrange(async (sql) => setActive(sql, ana.user, false));
      const ends = await Promise.all([ana.client, second].map(async (client) => client.end(35_000)));
      expect(ends).toMatchObject([{ code: 4401 }, { code: 4401 }]);
      expect(await rejection(server, ana.user.token)).toMatchObject(REJECTED);
      await bob.client.say(roomSlug, 'still here');
    },
    60_000,
  );

  testWithLiveRows(server)('AUTH-3: an inactive user who is active again comes in', async () => {
    const user = await server.makeUser();
    await server.arrange(async (sql) => setActive(sql, user, false));
    expect(await rejection(server, user.token)).toMatchObject(REJECTED);
    await server.arrange(async (sql) => setActive(sql, user, true));
    expect(await (await server.connectAs(user)).barrier()).toEqual([]);
  });
});

function withoutTime({ frames, close }: Rejection) {
  return { frames: frames.map((frame) => ({ ...frame, timestamp: 0 })), close };
}

describeServer('Disconnected by the platform', { needs: ['api key'] }, (server) => {
  test('AUTH-8: the disconnect call closes every connection of the user with 4401 at once, and no other', async () => {
    const roomSlug = unique('room');
    const { ana, bob } = await server.members(roomSlug, 'ana', 'bob');
    const second = await server.connectAs(ana.user);
    const { status } = await server.command(`/api/users/${ana.user.id}/disconnect`);
    expect(status).toBeLessThan(300);
    expect(await Promise.all([ana.client.end(), second.end()])).toMatchObject([{ code: 4401 }, { code: 4401 }]);
    await bob.client.say(roomSlug, 'still here');
  });

  test('AUTH-8: disconnecting a user who is not there is no error', async () => {
    const user = await server.makeUser();
    expect((await server.command(`/api/users/${user.id}/disconnect`)).status).toBeLessThan(300);
    expect((await server.command('/api/users/2000000000/disconnect')).status).toBeLessThan(300);
  });
});

describeOwnServer('Authentication in time', { environment: { AUTH_TIMEOUT_MS: '700' }, on: 'one' }, (server) => {
  test('AUTH-5: a silent connection is closed with 4408', async () => {
    const client = await server.connect();
    expect(await client.end()).toMatchObject({ code: 4408 });
    expect(client.takeAll()).toEqual([authError()]);
  });

  test('AUTH-5: whatever else is sent does not help', async () => {
    const client = await server.connect();
    const chatter = setInterval(() => {
      if (client.isOpen) client.sendTogether(pong(), joinRoom('room'), { type: 'auth' }, 'nonsense');
    }, 50);
    try {
      expect(await client.end()).toMatchObject({ code: 4408 });
    } finally {
      clearInterval(chatter);
    }
    const answers = client.takeAll();
    expect(answers.at(-1)).toEqual(authError());
    const others = new Set(answers.slice(0, -1).map(({ message }) => message));
    expect(others).toEqual(new Set([NOT_AUTHENTICATED, INVALID_FORMAT]));
  });

  test('AUTH-5: one that authenticated in time stays, while a later one is turned away', async () => {
    const { client } = await server.guest();
    const late = await server.connect();
    expect(await late.end()).toMatchObject({ code: 4408 });
    const roomSlug = unique('room');
    expect(await client.join(roomSlug)).toEqual(roomJoined(roomSlug, 1));
  });
});
