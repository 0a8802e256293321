import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { ChatPage } from './chat-page.js';
import { ChromiumSuite } from './chromium-suite.js';
import { Conversation, MUTED } from './conversation.js';

/** Not in git; CI keeps them. */
const FOLDER = join(import.meta.dirname, '../../artifacts/screenshots');
/** Where it is evening in half of all builds. */
const ZONE = 'America/Argentina/Buenos_Aires';

const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

const LOOKS = [
  { name: 'desktop-light', viewport: DESKTOP, colorScheme: 'light' },
  { name: 'desktop-dark', viewport: DESKTOP, colorScheme: 'dark' },
  { name: 'phone-light', viewport: PHONE, colorScheme: 'light' },
  { name: 'phone-dark', viewport: PHONE, colorScheme: 'dark' },
] as const;

type Look = (typeof LOOKS)[number];

describe('pictures of the demo page', () => {
  const suite = new ChromiumSuite();
  const conversation = new Conversation(suite.server);
  beforeAll(async () => conversation.begin(), 60_000);

  async function open({ viewport, colorScheme }: Look): Promise<ChatPage> {
    const context = await suite.newContext({ viewport, colorScheme, locale: 'en-GB', timezoneId: ZONE });
    const ana = await ChatPage.open(context, suite.server.url);
    await ana.page.getByLabel('Your name').waitFor();
    return ana;
  }

  async function picture({ page }: ChatPage, name: string, look: Look): Promise<void> {
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(look.viewport.width);
    await page.screenshot({ path: join(FOLDER, `${name}-${look.name}.png`), animations: 'disabled' });
  }

  test('a conversation, phone and desktop, light and dark', async () => {
    for (const look of LOOKS) {
      const ana = await open(look);
      await picture(ana, 'sign-in', look);
      await ana.signIn(MUTED);
      await ana.seesMessage('سأكون هناك');
      if (look === LOOKS[0]) {
        await ana.say('See you all at the door at ten?');
        await ana.seesAllSent();
        await conversation.answer('Mateo', 'Ten it is.');
      }
      await ana.seesMessage('Ten it is.');
      await conversation.goOnElsewhere();
      await ana.seesTitle('(2) general-chat · Milonga');
      await picture(ana, 'chat', look);

      if (look.viewport === PHONE) {
        await ana.page.getByRole('button', { name: 'Rooms' }).click();
        await ana.page.getByRole('dialog', { name: 'Rooms' }).waitFor();
        await picture(ana, 'rooms', look);
        await ana.page.keyboard.press('Escape');
        await ana.page.getByRole('button', { name: 'Show people' }).click();
        await ana.page.getByRole('dialog', { name: 'People' }).waitFor();
        await picture(ana, 'people', look);
      }
      expect(ana.complaints).toEqual([]);
    }
  }, 180_000);

  test.each(LOOKS)('without a connection, and what is refused: $name', async (look) => {
    const ana = await open(look);
    await ana.signIn(MUTED);
    await ana.seesMessage('Ten it is.');
    await suite.server.process.kill();
    await ana.seesOffline();
    await ana.say('Can you hear me?');
    await ana.log.locator('.waiting').waitFor();
    await picture(ana, 'offline', look);
    await suite.server.launch();
    await ana.seesOnline();
    await ana.seesAllSent();

    await ana.page.goto(`${suite.server.url}/#tango-tips`);
    await ana.seesRoom('tango-tips');
    await ana.say('May I ask something?');
    await ana.messages.filter({ hasText: 'Not sent' }).waitFor();
    await picture(ana, 'not-sent', look);
    expect(ana.complaints).toEqual([]);
  });
});
