import { expect, test } from '@jest/globals';
import { auth2, chatMessage, history, resumeRoom } from '../support/client-frames.js';
import { banMember, insertRoom } from '../support/rows.js';
import { refusal, ROOM_FORBIDDEN, roomJoined2 } from '../support/server-frames.js';
import type { Guest } from '../support/server.js';
import { describeOwnServer, describeServer, testWithLiveRows } from '../support/suite.js';
import { unique } from '../support/unique.js';
import { eventually } from '../support/waiting.js';
import { Chatter, wander } from '../support/wandering.js';
import { idOf, idsSeenBy, messageIdOf, type Frame } from '../support/ws-client.js';

const REPLAY_LIMIT = 500;
const PATIENCE_MS = 30_000;

/** Sends so many messages together and gives their ids in the room, once all are seen. */
async function speak(
  { client }: Pick<Guest, 'client'>,
  roomSlug: string,
  count: number,
  text = 'text',
): Promise<number[]> {
  const names = Array.from({ length: count }, (_, index) => `${unique('m')}-${index}`);
  client.sendTogether(...names.map((name) => chatMessage(roomSlug, `${text} of ${name}`, name)));
  const last = names.at(-1);
  await client.until(
    'the last of them',
    () => client.received.some((frame) => messageIdOf(frame) === last),
    PATIENCE_MS,
  );
  const seen = client.takeAll().filter((frame) => names.includes(String(messageIdOf(frame))));
  return seen.map(idOf);
}

describeServer('Resuming', {}, (server) => {
  test('RES-1: what was missed follows room_joined, as it was sent live, then what is live', async () => {
    const roomSlug = unique('room');
    const { ana, bob } = await server.members(roomSlug, 'ana', 'bob');
    const [seen] = await speak(ana, roomSlug, 1);
    await bob.client.next();
    bob.client.drop();
    await speak(ana, roomSlug, 3);
    const missed = ana.client.received.filter((frame) => idOf(frame) > seen!);

    const back = await server.connect2(bob.user);
    back.send(resumeRoom(roomSlug, seen!));
    expect(await back.nextFew(4)).toEqual([roomJoined2(roomSlug, 2, idOf(missed[2]!), true), ...missed]);
    const [, live] = await ana.client.say(roomSlug, 'live again');
    expect(await back.next()).toEqual(live);
    expect(await back.barrier()).toEqual([]);
  });

  test('RES-1: lastId with or without after; recovered only where it was asked for', async () => {
    const roomSlug = unique('room');
    const client = await server.connect2(await server.makeUser());
    expect(await client.join(roomSlug)).toEqual(roomJoined2(roomSlug, 1, 0, false));
    expect(await client.resume(roomSlug, 0)).toEqual(roomJoined2(roomSlug, 1, 0, true));
    const [, own] = await client.say(roomSlug, 'the first');
    expect(await client.join(roomSlug)).toEqual(roomJoined2(roomSlug, 1, idOf(own), false));
    expect(await client.resume(roomSlug, idOf(own))).toEqual(roomJoined2(roomSlug, 1, idOf(own), true));
    expect(await client.barrier()).toEqual([]);
  });

  test('RES-1: who is the first in the room on a node gets what was missed, too', async () => {
    const roomSlug = unique('room');
    const { ana } = await server.members(roomSlug, 'ana');
    const ids = await speak(ana, roomSlug, 5);
    await ana.client.leave(roomSlug);
    const back = await server.connect2(ana.user);
    expect(await back.resume(roomSlug, ids[1]!)).toMatchObject({ lastId: ids[4], recovered: true });
    expect((await back.nextFew(3)).map(idOf)).toEqual(ids.slice(2));
  });

  test('RES-1: a cursor that is not of this history is told so', async () => {
    const roomSlug = unique('room');
    const { ana } = await server.members(roomSlug, 'ana');
    const [, own] = await ana.client.say(roomSlug, 'text');
    const client = await server.connect2(await server.makeUser());
    expect(await client.resume(roomSlug, idOf(own) + 1_000)).toMatchObject({ lastId: idOf(own), recovered: false });
    expect(await client.barrier()).toEqual([]);
  });

  test('RES-1: joining again with after gives what is behind it again, and nothing twice from there', async () => {
    const roomSlug = unique('room');
    const { ana, bob } = await server.members(roomSlug, 'ana', 'bob');
    const client = await server.connect2(bob.user);
    await client.join(roomSlug);
    const ids = await speak(ana, roomSlug, 10);
    await client.nextFew(10);
    // Under way while it joins again.
    ana.client.sendTogether(...ids.map((id) => chatMessage(roomSlug, 'more', `more-${id}`)));
    client.send(resumeRoom(roomSlug, ids[4]!));
    await client.nextOfType('room_joined');
    const after = client.received.findIndex(({ type, recovered }) => type === 'room_joined' && recovered === true);
    const isLast = (frame: Frame) => messageIdOf(frame) === `more-${ids[9]}`;
    await client.until('the last', () => client.received.slice(after).some(isLast));
    const given = client.received.slice(after + 1).map(idOf);
    const all = await server.history(roomSlug, ana.user);
    expect(given).toEqual(all.map(({ id }) => id).filter((id) => id > ids[4]!));
  });

  test('P5: who joins again and again, without after, misses nothing of what is said meanwhile', async () => {
    const roomSlug = unique('room');
    const { ana } = await server.members(roomSlug, 'ana');
    const bob = await server.connect2(await server.makeUser());
    await bob.join(roomSlug);
    const ids: number[] = [];
    for (let round = 0; round < 10; round += 1) {
      const spoken = speak(ana, roomSlug, 4);
      await bob.join(roomSlug);
      await bob.join(roomSlug);
      ids.push(...(await spoken));
    }
    await bob.until('all of them', () => idsSeenBy(bob).length >= ids.length, PATIENCE_MS);
    expect(idsSeenBy(bob)).toEqual(ids);
  });

  test('RES-1: REPLAY_LIMIT messages are sent; of more none, and history has them', async () => {
    const roomSlug = unique('room');
    const { ana } = await server.members(roomSlug, 'ana');
    const ids = await speak(ana, roomSlug, REPLAY_LIMIT + 1);
    const client = await server.connect2(await server.makeUser());
    expect(await client.resume(roomSlug, 0)).toMatchObject({ lastId: ids.at(-1), recovered: false });
    expect(await client.barrier()).toEqual([]);
    expect(await client.resume(roomSlug, ids[0]!)).toMatchObject({ lastId: ids.at(-1), recovered: true });
    expect((await client.nextFew(REPLAY_LIMIT)).map(idOf)).toEqual(ids.slice(1));
    client.send(history(roomSlug, { after: 0, limit: 2 }));
    expect((await client.next())['messages']).toMatchObject([{ id: ids[0] }, { id: ids[1] }]);
  }, 60_000);

  test('RES-1, LIMIT-3: far more than SEND_BUFFER_BYTES of missed messages are no reason to cut a client off that reads', async () => {
    const roomSlug = unique('room');
    const { ana } = await server.members(roomSlug, 'ana');
    const ids = await speak(ana, roomSlug, 450, '¡Ñandú! '.repeat(490));
    const user = await server.makeUser();
    const client = await server.connect();
    // All of it is behind a client that reads nothing until much more is due than the socket takes.
    client.send(auth2(user.token));
    await client.nextOfType('auth_success');
    client.pauseReading();
    client.send(resumeRoom(roomSlug, 0));
    const more = await speak(ana, roomSlug, 20);
    client.resumeReading();
    await client.until('all', () => idsSeenBy(client).length >= ids.length + more.length, PATIENCE_MS);
    expect(idsSeenBy(client)).toEqual([...ids, ...more]);
    expect(client.isOpen).toBe(true);
  }, 90_000);

  test('RES-1, P6: under load, dropped again and again, a client misses nothing and sees nothing twice', async () => {
    const roomSlug = unique('room');
    const { ana, bob, carl } = await server.members(roomSlug, 'ana', 'bob', 'carl');
    const wanderer = await server.makeUser('wanderer');
    const chatter = new Chatter(
      roomSlug,
      [ana, bob, carl].map(({ client }) => client),
      15,
    );
    const given = await wander(60, roomSlug, async () => server.connect2(wanderer));
    const sent = await chatter.end();
    const last = await server.connect2(wanderer);
    expect(await last.resume(roomSlug, given.at(-1)!)).toMatchObject({ recovered: true });
    const all = (await server.history(roomSlug, wanderer)).map(({ id }) => id);
    const whole = () => [...given, ...idsSeenBy(last)];
    await last.until('the last message', () => whole().at(-1) === all.at(-1), PATIENCE_MS);
    expect(whole()).toEqual(all);
    expect(all).toHaveLength(sent);
  }, 120_000);

  test('RES-1: many who come back at once all get the same', async () => {
    const roomSlug = unique('room');
    const { ana } = await server.members(roomSlug, 'ana');
    const ids = await speak(ana, roomSlug, 200);
    const users = await Promise.all(Array.from({ length: 40 }, async () => server.makeUser()));
    const clients = await Promise.all(users.map(async (user) => server.connect2(user)));
    for (const [i, client] of clients.entries()) client.send(resumeRoom(roomSlug, ids[i]!));
    const more = await speak(ana, roomSlug, 50);
    for (const [i, client] of clients.entries()) {
      await client.until('all', () => idsSeenBy(client).at(-1) === more.at(-1), PATIENCE_MS);
      expect(idsSeenBy(client)).toEqual([...ids.slice(i + 1), ...more]);
    }
  }, 90_000);
});

describeServer('Resuming, when rows have changed', { needs: ['rows'] }, (server) => {
  const liveRows = testWithLiveRows(server);

  liveRows('RES-2: deleted messages are left out, and do not count as missed', async () => {
    const roomSlug = unique('room');
    const { ana } = await server.members(roomSlug, 'ana');
    const ids = await speak(ana, roomSlug, REPLAY_LIMIT + 2);
    const [first, second, third] = ids as [number, number, number];
    await server.arrange((sql) =>
      sql('UPDATE messages SET deleted_at = now() WHERE id IN ($1, $2, $3)', [second, third, ids.at(-1)]),
    );
    const client = await server.connect2(ana.user);
    expect(await client.resume(roomSlug, 0)).toMatchObject({ lastId: ids.at(-1), recovered: true });
    expect((await client.nextFew(REPLAY_LIMIT - 1)).map(idOf)).toEqual([first, ...ids.slice(3, -1)]);
    expect(await client.barrier()).toEqual([]);
  });

  liveRows('RES-2: permission is checked again', async () => {
    const roomSlug = unique('room');
    const { ana, bob } = await server.members(roomSlug, 'ana', 'bob');
    await speak(ana, roomSlug, 3);
    await server.arrange((sql) => banMember(sql, roomSlug, bob.user));
    const back = await server.connect2(bob.user);
    back.send(resumeRoom(roomSlug, 0));
    expect(await back.next()).toEqual(refusal('room_forbidden', ROOM_FORBIDDEN));
    await ana.client.say(roomSlug, 'not for bob');
    expect(await back.barrier()).toEqual([]);
  });

  liveRows('RES-1: where what was missed cannot be read, a member goes on as if it had not asked', async () => {
    const roomSlug = unique('room');
    const { ana, bob } = await server.members(roomSlug, 'ana', 'bob');
    const member = await server.connect2(bob.user);
    const stranger = await server.connect2(await server.makeUser());
    await member.join(roomSlug);
    const [first] = await speak(ana, roomSlug, 3);
    await member.nextFew(3);
    await server.arrange(async (sql) => {
      await sql('BEGIN');
      // Whoever shows a message for the first time writes to its row: that waits, all else goes on.
      await sql('SELECT 1 FROM messages WHERE room_id = (SELECT id FROM rooms WHERE slug = $1) FOR UPDATE', [roomSlug]);
      for (const client of [member, stranger]) client.send(resumeRoom(roomSlug, first!));
      const [, live] = await ana.client.say(roomSlug, 'meanwhile');
      const refused = refusal('storage_unavailable', 'Service temporarily unavailable', { retryAfterMs: 1_000 });
      expect(await stranger.next()).toEqual(refused);
      expect(await member.nextFew(2)).toEqual(expect.arrayContaining([refused, live]));
      await sql('ROLLBACK');
    });
    const [, live] = await ana.client.say(roomSlug, 'afterwards');
    expect(await member.next()).toEqual(live);
    expect(await stranger.barrier()).toEqual([]);
    expect(await stranger.resume(roomSlug, first!)).toMatchObject({ recovered: true });
    expect((await stranger.nextFew(4)).map(idOf).at(-1)).toBe(idOf(live));
  });

  liveRows('RES-1: while messages cannot be read the join is refused, and nothing is left of it', async () => {
    const [roomSlug, other] = [unique('room'), unique('room')];
    await server.arrange((sql) => insertRoom(sql, other, 'public'));
    const { ana } = await server.members(roomSlug, 'ana');
    const [id] = await speak(ana, roomSlug, 2);
    const user = await server.makeUser();
    const client = await server.connect2(user);
    await client.join(other);
    await server.arrange(async (sql) => {
      await sql('BEGIN');
      // The look-up of the room reads messages, too: it is refused already.
      await sql('LOCK TABLE messages IN ACCESS EXCLUSIVE MODE');
      client.send(resumeRoom(roomSlug, id!));
      expect(await client.next()).toEqual(
        refusal('storage_unavailable', 'Service temporarily unavailable', { retryAfterMs: 1_000 }),
      );
      await sql('ROLLBACK');
    });
    await eventually('Messages are stored again', async () => {
      const name = unique('m');
      ana.client.send(chatMessage(roomSlug, 'not for her', name));
      const answer = await ana.client.nextWhere('an answer', ({ messageId }) => messageId === name);
      return answer.type === 'message_sent' ? true : undefined;
    });
    expect(await client.barrier()).toEqual([]);
    const joined = await eventually('It can be joined again', async () => {
      client.send(resumeRoom(roomSlug, id!));
      const answer = await client.nextWhere('an answer', ({ type }) => type === 'room_joined' || type === 'error');
      return answer.type === 'room_joined' ? answer : undefined;
    });
    expect(joined).toMatchObject({ recovered: true });
  });
});

describeOwnServer('Resuming with a small REPLAY_LIMIT', { environment: { REPLAY_LIMIT: '3' }, on: 'one' }, (server) => {
  test('RES-1: REPLAY_LIMIT is a setting, and auth_success tells it', async () => {
    const roomSlug = unique('room');
    const { ana } = await server.members(roomSlug, 'ana');
    const ids = await speak(ana, roomSlug, 4);
    const client = await server.connect();
    client.send(auth2(ana.user.token));
    expect(await client.next()).toMatchObject({ limits: { replayLimit: 3 } });
    expect(await client.resume(roomSlug, 0)).toMatchObject({ recovered: false });
    expect(await client.resume(roomSlug, ids[0]!)).toMatchObject({ recovered: true });
    expect((await client.nextFew(3)).map(idOf)).toEqual(ids.slice(1));
  });
});
