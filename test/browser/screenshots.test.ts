import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { eventually } from '../support/waiting.js';
import { ChatPage } from './chat-page.js';
import { ChromiumSuite } from './chromium-suite.js';
import { Conversation, MUTED } from './conversation.js';

/** Where it is evening in half of all builds. */
const ZONE = 'America/Argentina/Buenos_Aires';
/** Not in git; CI keeps them. */
const FOLDER = join(import.meta.dirname, '../../artifacts/screenshots');

const SIZES = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

describe('pictures of the demo page', () => {
  const suite = new ChromiumSuite();

  test('phone and desktop, light and dark', async () => {
    const conversation = new Conversation(suite.server);
    await conversation.begin();
    let isFirst = true;
    for (const [size, viewport] of Object.entries(SIZES)) {
      for (const colorScheme of ['light', 'dark'] as const) {
        const picture = async (page: Page, name: string): Promise<void> => {
          expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(viewport.width);
          await page.screenshot({ path: join(FOLDER, `${name}-${size}-${colorScheme}.png`), animations: 'disabled' });
        };
        const context = await suite.newContext({ viewport, colorScheme, locale: 'en-GB', timezoneId: ZONE });
        const ana = await ChatPage.open(context, suite.server.url);
        await ana.page.getByLabel('Your name').waitFor();
        await picture(ana.page, 'sign-in');

        await ana.signIn(MUTED);
        await ana.seesMessage('سأكون هناك');
        if (isFirst) {
          await ana.say('See you all at the door at ten?');
          await ana.seesAllSent();
          await conversation.answer('Mateo', 'Ten it is.');
        }
        isFirst = false;
        await ana.seesMessage('Ten it is.');
        await conversation.goOnElsewhere();
        await eventually('The title counts', async () => (await ana.page.title()).startsWith('(2)') || undefined);
        await picture(ana.page, 'chat');

        if (size === 'phone') {
          await ana.page.getByRole('button', { name: 'Rooms' }).click();
          await ana.page.getByRole('dialog', { name: 'Rooms' }).waitFor();
          await picture(ana.page, 'rooms');
          await ana.page.keyboard.press('Escape');
          await ana.page.getByRole('button', { name: 'Show people' }).click();
          await ana.page.getByRole('dialog', { name: 'People' }).waitFor();
          await picture(ana.page, 'people');
          await ana.page.keyboard.press('Escape');
        }

        await suite.server.process.kill();
        await ana.seesOffline();
        await ana.say('Can you hear me?');
        await ana.seesMessage('Can you hear me?');
        await picture(ana.page, 'offline');
        await suite.server.launch();
        conversation.interrupted();
        await ana.seesOnline();
        await ana.seesAllSent();

        await ana.page.goto(`${suite.server.url}/#tango-tips`);
        await ana.seesRoom('tango-tips');
        await ana.say('May I ask something?');
        await ana.messages.filter({ hasText: 'Not sent' }).waitFor();
        await picture(ana.page, 'not-sent');
        expect(ana.complaints).toEqual([]);
      }
    }
  });
});
