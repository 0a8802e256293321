import { describe, expect, test } from '@jest/globals';
import { TcpProxy } from '../support/tcp-proxy.js';
import { ChromiumSuite } from './chromium-suite.js';

const MINUTE_MS = 60_000;

/** A file of its own, because it waits for most of its time. */
describe('the demo page without a network', () => {
  const suite = new ChromiumSuite();

  test(
    'offline for a minute and back: what was written on both sides meanwhile arrives once',
    async () => {
      const { server, context, room } = suite;
      const proxy = await TcpProxy.start({ host: '127.0.0.1', port: Number(new URL(server.url).port) });
      try {
        const ana = await suite.visitor('ana', `http://127.0.0.1:${proxy.port}`);
        await ana.seesPeople(1);
        const bruno = (await server.members(room, 'bruno')).bruno;
        await ana.seesPeople(2);
        // Chromium's own switch does not touch sockets that are open: for those the link swallows everything.
        proxy.stall();
        await context.setOffline(true);
        const isBackAt = Date.now() + MINUTE_MS;
        for (const text of ['one', 'two', 'three']) {
          await bruno.client.say(room, text);
          await ana.say(`ana's ${text}`);
        }
        // What was said is not answered for 30 s before the page believes it; then its attempts fail.
        await ana.banner.filter({ hasText: 'Next try in' }).waitFor({ timeout: 75_000 });
        await ana.say("ana's four");
        expect(await ana.log.locator('.waiting .text').allTextContents()).toHaveLength(4);

        await ana.page.waitForTimeout(Math.max(0, isBackAt - Date.now()));
        await context.setOffline(false);
        await proxy.restore();
        await ana.seesOnline();
        await ana.seesAllSent();
        await ana.seesMessage('three');
        const stored = (await server.history(room, bruno.user)).map(({ message }) => message);
        expect(stored).toHaveLength(7);
        expect(await ana.texts()).toEqual(stored);
        expect(ana.complaints).toEqual([]);
      } finally {
        await proxy.stop();
      }
    },
    3 * MINUTE_MS,
  );
});
