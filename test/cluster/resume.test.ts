import { afterEach, expect, test } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { Chatter, wander } from '../support/wandering.js';
import { idsSeenBy } from '../support/ws-client.js';
import { describeNodes } from './nodes.js';

const PATIENCE_MS = 30_000;
const EVERY_MS = 60;

describeNodes('Resuming on two nodes', { DRAIN_TIMEOUT_MS: '5000' }, (server) => {
  afterEach(async () => {
    await server.sendEveryoneHome();
    if (server.process.hasEnded) await server.launch();
  });

  /** Someone resumes on one node after the other while both nodes' members talk and `trouble` goes on. */
  async function wanderWhile(trouble: (isOver: () => boolean) => Promise<void>): Promise<void> {
    const { roomSlug, a, b } = await server.couple();
    const wanderer = await server.makeUser('wanderer');
    const chatter = new Chatter(roomSlug, [a, b], EVERY_MS);
    let isOver = false;
    const troubles = trouble(() => isOver);
    const given = await wander(40, roomSlug, async (round) => server.connect2To(round % 2, wanderer)).finally(() => {
      isOver = true;
    });
    await troubles;
    const sent = await chatter.end();
    const last = await server.connect2To(0, wanderer);
    expect(await last.resume(roomSlug, given.at(-1)!)).toMatchObject({ recovered: true });
    const all = (await server.history(roomSlug, wanderer)).map(({ id }) => id);
    const whole = () => [...given, ...idsSeenBy(last)];
    await last.until('the last message', () => whole().at(-1) === all.at(-1), PATIENCE_MS);
    expect(whole()).toEqual(all);
    expect(all).toHaveLength(sent);
  }

  test('RES-2, P6: on one node after the other, nothing is missed and nothing comes twice', async () => {
    await wanderWhile(async () => Promise.resolve());
  });

  test('RES-2, P6: also while Redis hangs again and again, and the nodes are behind the database', async () => {
    await wanderWhile(async (isOver) => {
      while (!isOver()) {
        server.redis.freeze();
        await pause(700);
        server.redis.thaw();
        await pause(700);
      }
    });
  });

  test('RES-2: on the other node after a kill -9', async () => {
    const { roomSlug, ana, bob, a, b } = await server.couple();
    const chatter = new Chatter(roomSlug, [b], EVERY_MS);
    await a.until('some messages', () => idsSeenBy(a).length > 20, PATIENCE_MS);
    await server.process.kill();
    await a.end();
    const seen = idsSeenBy(a);
    const back = await server.connect2To(1, ana);
    expect(await back.resume(roomSlug, seen.at(-1)!)).toMatchObject({ recovered: true });
    await chatter.end();
    await server.launch();
    const all = (await server.history(roomSlug, bob)).map(({ id }) => id);
    await back.until('the last message', () => [...seen, ...idsSeenBy(back)].at(-1) === all.at(-1), PATIENCE_MS);
    expect([...seen, ...idsSeenBy(back)]).toEqual(all);
  });
});
