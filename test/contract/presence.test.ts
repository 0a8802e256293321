import { expect, test } from '@jest/globals';
import { newMessage, roomJoined, userLeft } from '../support/server-frames.js';
import type { TestServer } from '../support/server.js';
import { describeOwnServer } from '../support/suite.js';
import { unique } from '../support/unique.js';
import { dataOf, type Frame, type TestClient } from '../support/ws-client.js';

const CUTS: [what: string, cut: (client: TestClient) => void][] = [
  ['without a close frame', (client) => client.drop()],
  ['with a TCP reset', (client) => client.reset()],
];

async function roomOfTwo(server: TestServer) {
  const roomSlug = unique('room');
  return { roomSlug, ...(await server.members(roomSlug, 'ana', 'bob')) };
}

// A grace far beyond every wait of these tests: what is seen is seen at once, and what is not is held back.
describeOwnServer('Presence with a long grace', { environment: { PRESENCE_GRACE_MS: '600000' } }, (server) => {
  test.each<[string, number | undefined]>([
    ['1000', 1000],
    ['1001', 1001],
    ['no code', undefined],
  ])('ROOM-7: a close frame with %s leaves at once', async (_what, code) => {
    const { roomSlug, ana, bob } = await roomOfTwo(server);
    await bob.client.close(code);
    expect(await ana.client.next()).toEqual(userLeft(bob.user, roomSlug));
    const { client } = await server.guest();
    expect(await client.join(roomSlug)).toEqual(roomJoined(roomSlug, 2));
  });

  test('ROOM-7: a clean close leaves every room of the connection', async () => {
    const [first, second] = [unique('room'), unique('room')];
    const { ana, bob } = await server.members(first, 'ana', 'bob');
    await bob.client.join(second);
    await ana.client.join(second);
    await bob.client.close(1000);
    const left = [await ana.client.nextOfType('user_left'), await ana.client.nextOfType('user_left')];
    expect(left).toEqual(expect.arrayContaining([userLeft(bob.user, first), userLeft(bob.user, second)]));
  });

  test.each(CUTS)('ROOM-7: who drops %s and is back in the grace never left', async (_what, cut) => {
    const { roomSlug, ana, bob } = await roomOfTwo(server);
    cut(bob.client);
    await bob.client.end();
    const { carl } = await server.guests('carl');
    expect(await carl.client.join(roomSlug)).toEqual(roomJoined(roomSlug, 3));
    await ana.client.nextOfType('user_joined');
    const back = await server.connectAs(bob.user);
    expect(await back.join(roomSlug)).toEqual(roomJoined(roomSlug, 3));
    const [, own] = await back.say(roomSlug, 'back again');
    expect(await ana.client.next()).toEqual(own);
    expect(await carl.client.next()).toEqual(newMessage(bob.user, roomSlug, 'back again', expect.any(String)));
  });

  test('ROOM-7: who came back after a drop and then closes leaves at once', async () => {
    const { roomSlug, ana, bob } = await roomOfTwo(server);
    bob.client.drop();
    await bob.client.end();
    const back = await server.connectAs(bob.user);
    await back.join(roomSlug);
    await back.close(1000);
    expect(await ana.client.next()).toEqual(userLeft(bob.user, roomSlug));
    expect(await ana.client.barrier()).toEqual([]);
  });
});

describeOwnServer('Presence with a short grace', { environment: { PRESENCE_GRACE_MS: '1000' } }, (server) => {
  test.each(CUTS)('ROOM-7: who drops %s and stays away has left after the grace, once', async (_what, cut) => {
    const { roomSlug, ana, bob } = await roomOfTwo(server);
    cut(bob.client);
    expect(await ana.client.next()).toEqual(userLeft(bob.user, roomSlug));
    await ana.client.say(roomSlug, 'gone');
    expect(await ana.client.barrier()).toEqual([]);
    const { client } = await server.guest();
    expect(await client.join(roomSlug)).toEqual(roomJoined(roomSlug, 2));
  });

  /** Somebody else drops after all that went before, and the grace of that is over: so is every earlier one. */
  async function untilEarlierGracesAreOver(roomSlug: string, witness: TestClient): Promise<void> {
    const { last } = await server.guests('last');
    await last.client.join(roomSlug);
    last.client.drop();
    const hasLeft = (frame: Frame) => frame.type === 'user_left' && dataOf(frame)['userId'] === last.user.id;
    await witness.nextWhere('the last one leaving', hasLeft);
  }

  test('ROOM-7: who was back in time is not taken away when the grace is over', async () => {
    const { roomSlug, ana, bob } = await roomOfTwo(server);
    bob.client.drop();
    await bob.client.end();
    const back = await server.connectAs(bob.user);
    await back.join(roomSlug);
    await untilEarlierGracesAreOver(roomSlug, ana.client);
    expect((await ana.client.next()).type).toBe('user_joined');
    expect(await ana.client.barrier()).toEqual([]);
    expect(await back.join(roomSlug)).toEqual(roomJoined(roomSlug, 2));
  });

  test('ROOM-5, ROOM-7: a dropped connection takes nobody away who has another in the room', async () => {
    const { roomSlug, ana, bob } = await roomOfTwo(server);
    const second = await server.connectAs(bob.user);
    await second.join(roomSlug);
    bob.client.drop();
    await untilEarlierGracesAreOver(roomSlug, ana.client);
    expect((await ana.client.next()).type).toBe('user_joined');
    expect(await ana.client.barrier()).toEqual([]);
    expect(await second.join(roomSlug)).toEqual(roomJoined(roomSlug, 2));
  });
});

describeOwnServer('Presence without grace', { environment: { PRESENCE_GRACE_MS: '0' }, on: 'one' }, (server) => {
  test.each(CUTS)('ROOM-7: with a grace of 0, who drops %s has left at once', async (_what, cut) => {
    const { roomSlug, ana, bob } = await roomOfTwo(server);
    cut(bob.client);
    expect(await ana.client.next()).toEqual(userLeft(bob.user, roomSlug));
  });
});
