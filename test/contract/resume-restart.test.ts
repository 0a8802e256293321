import { expect, test } from '@jest/globals';
import { chatMessage, joinRoom } from '../support/client-frames.js';
import { describeOwnServer } from '../support/suite.js';
import { unique } from '../support/unique.js';
import { idOf, idsSeenBy } from '../support/ws-client.js';

const PATIENCE_MS = 30_000;

describeOwnServer('Resuming after a kill -9', {}, (server) => {
  test('RES-2: what was committed before, seen or not, is given, and what came after', async () => {
    const roomSlug = unique('room');
    const { ana, bob } = await server.members(roomSlug, 'ana', 'bob');
    const sender = setInterval(() => {
      if (ana.client.isOpen) {
        ana.client.sendTogether(...Array.from({ length: 5 }, () => chatMessage(roomSlug, 'text', unique('m'))));
      }
    }, 2);
    try {
      await bob.client.until('100 messages', () => idsSeenBy(bob.client).length >= 100, PATIENCE_MS);
      await server.process.kill();
      await bob.client.end();
    } finally {
      clearInterval(sender);
    }
    await server.launch();
    const seen = idsSeenBy(bob.client);
    const other = await server.connect2(ana.user);
    await other.join(roomSlug);
    await other.say(roomSlug, 'after the restart');
    const back = await server.connect2(bob.user);
    expect(await back.resume(roomSlug, seen.at(-1)!)).toMatchObject({ recovered: true });
    const [, live] = await other.say(roomSlug, 'live');
    await back.until('the live one', () => idsSeenBy(back).at(-1) === idOf(live));
    const all = (await server.history(roomSlug, bob.user)).map(({ id }) => id);
    expect([...seen, ...idsSeenBy(back)]).toEqual(all);
    back.send(joinRoom(roomSlug));
    expect(await back.nextOfType('room_joined')).toMatchObject({ lastId: all.at(-1) });
  }, 90_000);
});
