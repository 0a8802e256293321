import { describe, expect, test } from '@jest/globals';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { eventually } from '../support/waiting.js';
import { unique } from '../support/unique.js';
import { ChatPage } from './chat-page.js';
import { ChromiumSuite } from './chromium-suite.js';

const PHONE = { width: 360, height: 640 };
const DESKTOP = { width: 1280, height: 800 };

describe('the demo page for everybody', () => {
  const suite = new ChromiumSuite();

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`axe finds no serious fault, ${colorScheme}`, async () => {
      // Its script is not of our origin: the page's own policy would keep it out.
      const context = await suite.newContext({ colorScheme, viewport: DESKTOP, bypassCSP: true });
      const ana = await ChatPage.open(context, suite.server.url, suite.room);
      await ana.page.getByLabel('Your name').waitFor();
      expect(await faults(ana.page)).toEqual([]);

      await ana.signIn(unique('ana'));
      const { bruno } = await suite.server.members(suite.room, 'bruno');
      await bruno.client.say(suite.room, 'Bailamos?');
      await ana.seesMessage('Bailamos?');
      await ana.say('Con gusto');
      await ana.seesAllSent();
      await ana.say('\u0001');
      await ana.messages.filter({ hasText: 'Not sent' }).waitFor();
      expect(await faults(ana.page)).toEqual([]);

      await ana.page.setViewportSize(PHONE);
      expect(await faults(ana.page)).toEqual([]);
      await ana.page.getByRole('button', { name: 'Rooms' }).click();
      await ana.page.getByRole('dialog', { name: 'Rooms' }).waitFor();
      await stillness(ana.page);
      expect(await faults(ana.page)).toEqual([]);
      await ana.page.keyboard.press('Escape');
      await ana.page.getByRole('button', { name: 'Show people' }).click();
      await ana.page.getByRole('dialog', { name: 'People' }).waitFor();
      await stillness(ana.page);
      expect(await faults(ana.page)).toEqual([]);
      await ana.page.keyboard.press('Escape');

      await suite.server.process.kill();
      await ana.seesOffline();
      await ana.say('written while away');
      expect(await faults(ana.page)).toEqual([]);
      await suite.server.launch();
    });
  }

  test('by keyboard alone, on a phone, everything in its width', async () => {
    const context = await suite.newContext({ viewport: PHONE, reducedMotion: 'reduce' });
    const ana = await ChatPage.open(context, suite.server.url);
    const { keyboard } = ana.page;
    await ana.page.getByLabel('Your name').waitFor();
    // The name has the focus already.
    await keyboard.type(unique('ana'));
    await keyboard.press('Enter');
    await ana.composer.waitFor();

    await pressUntil(ana.page, 'Tab', 'Rooms');
    await keyboard.press('Enter');
    await ana.page.getByRole('dialog', { name: 'Rooms' }).waitFor();
    await keyboard.press('Escape');
    await ana.page.getByRole('dialog', { name: 'Rooms' }).waitFor({ state: 'detached' });
    await eventually('The focus is back where it was', async () => (await hasFocus(ana.page, 'Rooms')) || undefined);
    await keyboard.press('Enter');
    await ana.page.getByRole('dialog', { name: 'Rooms' }).waitFor();
    await pressUntil(ana.page, 'Tab', 'Room name');
    await keyboard.type(suite.room);
    await keyboard.press('Enter');
    await ana.seesRoom(suite.room);
    await ana.seesPeople(1);

    await pressUntil(ana.page, 'Tab', 'Message');
    await keyboard.type('first line');
    await keyboard.press('Shift+Enter');
    await keyboard.type(`A long word: ${'tango'.repeat(60)}`);
    await keyboard.press('Enter');
    await ana.seesMessage('A long word');
    expect((await ana.texts())[0]).toMatch(/^first line\nA long word/);
    expect(await ana.page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(PHONE.width);
    expect(await ana.page.evaluate('document.documentElement.scrollHeight')).toBeLessThanOrEqual(PHONE.height);
    expect(ana.complaints).toEqual([]);
  });

  test('light and dark as the system has them, until one is chosen', async () => {
    const context = await suite.newContext({ colorScheme: 'dark' });
    const ana = await ChatPage.open(context, suite.server.url);
    const ground = async (): Promise<unknown> => ana.page.evaluate('getComputedStyle(document.body).backgroundColor');
    await ana.page.getByRole('button', { name: 'Colours: as the system has them' }).waitFor();
    const dark = await ground();
    await ana.page.emulateMedia({ colorScheme: 'light' });
    await eventually('The page is light', async () => (await ground()) !== dark || undefined);
    await ana.page.getByRole('button', { name: 'Colours: as the system has them' }).click();
    await ana.page.getByRole('button', { name: 'Colours: light' }).click();
    await ana.page.getByRole('button', { name: 'Colours: dark' }).waitFor();
    expect(await ground()).toBe(dark);
    await ana.page.reload();
    await ana.page.getByRole('button', { name: 'Colours: dark' }).waitFor();
    expect(await ground()).toBe(dark);
  });
});

/** What axe calls serious or critical, with the elements. */
async function faults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<axe.AxeResults>('axe.run()');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(', ')}`);
}

/** Waits until nothing moves: colours of what is half in the picture are not those that people read. */
async function stillness(page: Page): Promise<void> {
  await page.evaluate('Promise.all(document.getAnimations().map(({ finished }) => finished))');
}

/** Presses the key until what has this accessible name has the focus. */
async function pressUntil(page: Page, key: string, name: string): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press(key);
    if (await hasFocus(page, name)) return;
  }
  throw new Error(`${key} never led to "${name}"`);
}

async function hasFocus(page: Page, name: string): Promise<boolean> {
  return page.evaluate<boolean>(
    `(() => { const { activeElement: it } = document;
      return [it.ariaLabel, it.labels?.[0]?.textContent].some((label) => label?.trim() === ${JSON.stringify(name)}); })()`,
  );
}
