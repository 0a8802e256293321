import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import type { Browser, Locator, Page } from 'playwright-core';
import { describeOwnServer } from '../support/suite.js';
import { unique } from '../support/unique.js';
import { launchChromium } from './chromium.js';

describeOwnServer('The React hooks in a browser', { on: 'one' }, (server) => {
  let browser: Browser;
  let script: string;
  const errors: Error[] = [];

  beforeAll(async () => {
    browser = await launchChromium();
    const { outputFiles } = await build({
      entryPoints: ['test/client/react-page.tsx'],
      bundle: true,
      write: false,
      jsx: 'automatic',
      define: { 'process.env.NODE_ENV': '"development"' },
    });
    script = outputFiles[0]?.text ?? '';
  }, 60_000);

  afterAll(async () => browser.close());

  const open = async (room: string, name: string): Promise<Page> => {
    const { token } = await server.makeUser(name);
    const page = await browser.newPage();
    page.on('pageerror', (error) => errors.push(error));
    await page.route('**/react-page.js', async (route) => {
      await route.fulfill({ contentType: 'text/javascript; charset=utf-8', body: script });
    });
    // Any answer of the server's own: what a route fulfils is of no address, and may open no socket to this one.
    await page.goto(`${server.url}/config.json?${new URLSearchParams({ token, room, name }).toString()}`);
    await page.addScriptTag({ url: '/react-page.js' });
    return page;
  };

  const says = async (page: Page, text: string) => page.getByRole('status').filter({ hasText: text }).waitFor();
  const messagesOf = (page: Page): Locator => page.getByRole('list', { name: 'messages' }).getByRole('listitem');
  const sees = async (page: Page, ...texts: string[]) => {
    await messagesOf(page)
      .nth(texts.length - 1)
      .waitFor();
    expect(await messagesOf(page).allTextContents()).toEqual(texts);
  };

  test('show a room, send, and go on after the server was killed', async () => {
    const room = unique('room');
    const ana = await open(room, 'ana');
    await says(ana, 'online, joined, 1');
    await ana.getByRole('button', { name: 'Send' }).click();
    await sees(ana, 'from ana');
    const bob = await open(room, 'bob');
    await says(ana, 'online, joined, 2');
    await sees(bob, 'from ana');

    await server.process.kill();
    await says(bob, 'offline, joining');
    await bob.getByRole('button', { name: 'Send' }).click();
    const waiting = bob.getByRole('list', { name: 'outbox' }).getByRole('listitem');
    expect(await waiting.allTextContents()).toEqual(['from bob']);
    await server.launch();
    for (const page of [ana, bob]) await sees(page, 'from ana', 'from bob');
    expect(await waiting.count()).toBe(0);
    expect(errors).toEqual([]);
  });
});
