import { describe, expect, test } from '@jest/globals';
import { type ChatPage } from './chat-page.js';
import { ChromiumSuite } from './chromium-suite.js';

/** All that is transferred until the sign-in stands there; the server compresses nothing. */
const FIRST_PAINT_BYTES = 100_000;
/** A page that draws 1,300 messages shares two cores with two other browsers. */
const LONG_MS = 180_000;

describe('the weight of the demo page', () => {
  const suite = new ChromiumSuite();

  test('the first paint takes less than 100 KB, from our own server only', async () => {
    const page = await suite.context.newPage();
    const sizes = new Map<string, number>();
    page.on('response', (response) => {
      void response.body().then((body) => sizes.set(new URL(response.url()).pathname, body.length));
    });
    await page.goto(suite.server.url);
    await page.getByLabel('Your name').waitFor();
    await page.waitForLoadState('networkidle');
    expect([...sizes.keys()].sort()).toEqual(['/', '/icon.svg', '/main.css', '/main.js']);
    expect([...sizes.values()].reduce((sum, size) => sum + size, 0)).toBeLessThan(FIRST_PAINT_BYTES);
  });

  test(
    'a very long room keeps the page small: at most 1,000 messages are in it',
    async () => {
      const { room, server } = suite;
      const { writer } = await server.members(room, 'writer');
      const numbers = Array.from({ length: 1_300 }, (_, index) => `message ${index + 1}`);
      const write = async (texts: string[]): Promise<void> => {
        for (const message of texts) writer.client.send({ type: 'chat_message', roomSlug: room, message });
        for (const _ of texts) await writer.client.nextOfType('message_sent');
      };
      const ana: ChatPage = await suite.visitor('ana');
      await ana.seesPeople(2);
      await write(numbers.slice(0, 1_200));
      await ana.seesMessage('message 1200');
      expect(await ana.texts()).toEqual(numbers.slice(200, 1_200));

      // What was cut off comes back from the history; then the newest ones are cut off, until one goes there.
      await expectFirst(ana, 'message 151');
      await write(numbers.slice(1_200));
      expect(await ana.texts()).toHaveLength(1_000);
      await ana.page.getByRole('button', { name: '100 new' }).click();
      await ana.seesMessage('message 1300');
      expect((await ana.texts()).at(-1)).toBe('message 1300');
      expect(ana.complaints).toEqual([]);
    },
    LONG_MS,
  );
});

/** Scrolls up until this is the first message. */
async function expectFirst(page: ChatPage, text: string): Promise<void> {
  await page.scroll(-100_000);
  await page.log.locator('.text').first().filter({ hasText: text }).waitFor();
}
