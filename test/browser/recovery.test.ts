import { describe, expect, test } from '@jest/globals';
import { claimsFor, secondsFromNow, signToken } from '../support/tokens.js';
import { eventually } from '../support/waiting.js';
import { ChatPage } from './chat-page.js';
import { ChromiumSuite } from './chromium-suite.js';

/** The page tells what it needs to; what the connection is asked of takes its time: back-off, silence, grace. */
const PATIENCE_MS = 180_000;

describe('the demo page when things break', () => {
  const suite = new ChromiumSuite();

  test(
    'the server is killed and comes back while both type: nothing lost, nothing twice, one order',
    async () => {
      const [ana, bruno] = await suite.two();
      const written = Array.from({ length: 60 }, (_, index) => index + 1);
      const type = async (page: ChatPage, name: string): Promise<void> => {
        for (const number of written) await page.say(`${name} ${number}`);
      };
      const both = Promise.all([type(ana, 'ana'), type(bruno, 'bruno')]);
      await ana.seesMessage('bruno 5');
      await suite.server.process.kill();
      await ana.seesOffline();
      await both;
      await suite.server.launch();
      for (const page of [ana, bruno]) await page.seesAllSent();

      const { token } = await suite.server.makeUser('reader');
      const stored = (await suite.server.history(suite.room, { token })).map(({ message }) => message);
      expect([...stored].sort()).toEqual(written.flatMap((number) => [`ana ${number}`, `bruno ${number}`]).sort());
      expect(stored.filter((text) => text.startsWith('ana'))).toEqual(written.map((number) => `ana ${number}`));
      for (const page of [ana, bruno]) {
        await eventually('All is shown', async () => (await page.texts()).length === stored.length || undefined);
        expect(await page.texts()).toEqual(stored);
      }
      expect([...ana.complaints, ...bruno.complaints]).toEqual([]);
    },
    PATIENCE_MS,
  );

  test(
    'the tab is reloaded while the server is away: what waited is sent once, in order',
    async () => {
      const { server, room } = suite;
      const ana = await suite.visitor('ana');
      await ana.seesPeople(1);
      await ana.say('before');
      await ana.seesAllSent();
      await server.process.kill();
      await ana.seesOffline();
      const waiting = ['one', 'two', 'three'];
      for (const text of waiting) await ana.say(text);
      expect(await ana.log.locator('.waiting .text').allTextContents()).toEqual(waiting);
      await ana.page.goto('about:blank');
      await server.launch();
      await ana.page.goto(`${server.url}/#${room}`);
      await ana.seesOnline();
      await ana.seesMessage('three');
      await ana.seesMessage('before');
      await ana.seesAllSent();
      const { token } = await server.makeUser('reader');
      const expected = ['before', ...waiting];
      expect((await server.history(room, { token })).map(({ message }) => message)).toEqual(expected);
      expect(await ana.texts()).toEqual(expected);

      await ana.page.reload();
      await ana.seesMessage('three');
      await ana.seesPeople(1);
      expect(await ana.texts()).toEqual(expected);
      expect((await server.history(room, { token })).map(({ message }) => message)).toEqual(expected);
      expect(ana.complaints).toEqual([]);
    },
    PATIENCE_MS,
  );

  test(
    'a token expires and is renewed, and nobody is asked anything',
    async () => {
      const { server, context, room } = suite;
      const user = await server.makeUser('ana');
      const expiries: number[] = [];
      await context.route('**/auth/demo', async (route) => {
        const exp = secondsFromNow(5);
        expiries.push(exp);
        await route.fulfill({ json: { user, token: await signToken(claimsFor(user.id, { exp })) } });
      });
      const ana = await ChatPage.open(context, server.url, room);
      await ana.signIn(user.username);
      await ana.seesPeople(1);
      // A token that was not renewed ends its connection 25 s after its own end (AUTH-7).
      const over = Number(expiries.at(-1)) + 27;
      await eventually('The first token would be over', () => secondsFromNow(0) > over || undefined, {
        within: 60_000,
      });
      expect(expiries.length).toBeGreaterThan(2);
      await ana.seesOnline();
      await ana.say('still here');
      await ana.seesAllSent();
      expect(await ana.texts()).toEqual(['still here']);
      expect(ana.complaints).toEqual([]);
    },
    PATIENCE_MS,
  );

  test('who must sign in again finds what they wrote meanwhile, and it is sent', async () => {
    const { server, context, room } = suite;
    const { id } = await server.makeUser('ana');
    const ana = await ChatPage.open(context, server.url, room);
    const signIn = async (exp: number): Promise<void> => {
      await ana.page.getByLabel('Token').fill(await signToken(claimsFor(id, { exp })));
      await ana.page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await ana.seesRoom(room);
    };
    const exp = secondsFromNow(12);
    await ana.page.getByRole('button', { name: 'I have a token' }).click();
    await signIn(exp);
    await ana.seesPeople(1);
    await server.process.kill();
    await ana.seesOffline();
    await ana.say('before I was signed out');
    await eventually('The token has expired', () => secondsFromNow(0) > exp || undefined, { within: 15_000 });
    await server.launch();
    await ana.page.getByText('Please sign in again.').waitFor({ timeout: 45_000 });

    await ana.page.getByRole('button', { name: 'I have a token' }).click();
    await signIn(secondsFromNow(3_600));
    await ana.seesAllSent();
    expect(await ana.texts()).toEqual(['before I was signed out']);
  });

  test('a server without sign-in by name is told kindly, and a pasted token will do', async () => {
    const { server, context, room } = suite;
    const { username, token } = await server.makeUser('ana');
    await server.restart({ DEMO_LOGIN: 'false' });
    const ana = await ChatPage.open(context, server.url, room);
    await ana.page.getByLabel('Your name').fill(username);
    await ana.page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await ana.page.getByText('This server does not hand out names').waitFor();
    await ana.page.getByLabel('Token').fill('nonsense');
    await ana.page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await ana.page.getByText('This does not look like a token').waitFor();
    await ana.page.getByLabel('Token').fill(token);
    await ana.page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await ana.seesPeople(1);
    await ana.say('by token');
    await ana.seesAllSent();
    expect(ana.complaints).toEqual([]);
  });
});
