import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Browser, BrowserContext } from 'playwright-core';
import { unique } from '../support/unique.js';
import { ChatPage } from './chat-page.js';
import { launchChromium } from './chromium.js';
import { ServerOn5000 } from './server-on-5000.js';

const HOSTILE = [
  '<script>hacked()</script>',
  '<img src=x onerror=hacked()>',
  '<svg/onload=hacked()>',
  '"><img src=x onerror=hacked()>',
  '</p></li></ol><iframe srcdoc="<script>parent.hacked()</script>"></iframe>',
  '<!--><img src=x onerror=hacked()>-->',
  '<math><mtext><table><mglyph><style><!--</style><img title="--><img src=x onerror=hacked()>">',
  '<details open ontoggle=hacked()>',
  '<a href="javascript:hacked()" autofocus onfocus=hacked()>x</a>',
  '<\u0000img src=x onerror=hacked()>',
  '<\u202Eimg src=x onerror=hacked()>',
  '&lt;img src=x onerror=hacked()&gt;',
  '&#60;img src=x onerror=hacked()&#62;',
  '<<img src=x onerror=hacked()//',
  '<img src=x onerror=hacked() <',
];

describe('the demo page in a real browser', () => {
  const server = new ServerOn5000();
  let browser: Browser;
  let context: BrowserContext;
  let room: string;

  beforeAll(async () => {
    browser = await launchChromium();
    await server.start();
  }, 90_000);
  afterAll(async () => {
    await browser.close();
    await server.stop();
  }, 60_000);

  beforeEach(async () => {
    context = await browser.newContext();
    room = unique('room');
  });
  afterEach(async () => context.close());

  /** Two tabs of two people in one room. */
  async function twoInTheRoom(): Promise<[ChatPage, ChatPage, names: [string, string]]> {
    const names: [string, string] = [unique('ana'), unique('bruno')];
    const [ana, bruno] = [await ChatPage.open(context, server.url), await ChatPage.open(context, server.url)];
    await ana.signIn(names[0], 'Ana');
    await ana.join(room);
    await ana.seesPeople(1);
    await bruno.signIn(names[1]);
    await bruno.join(room);
    return [ana, bruno, names];
  }

  test('two tabs sign in, meet, chat and part', async () => {
    const [ana, bruno, [anaName, brunoName]] = await twoInTheRoom();
    await ana.seesMessage(`${brunoName} joined`);
    await ana.seesPeople(2);
    await bruno.seesPeople(2);

    await ana.say('¿Bailamos? 1 < 2 & I <3 tango');
    await bruno.seesMessage('¿Bailamos? 1 < 2 & I <3 tango');
    await bruno.seesMessage(anaName);
    await bruno.say('مرحبا 💃');
    await ana.seesMessage('مرحبا 💃');
    expect(await ana.texts()).toEqual(await bruno.texts());
    expect(await ana.texts()).toEqual(['¿Bailamos? 1 < 2 & I <3 tango', 'مرحبا 💃']);

    await bruno.leave();
    await ana.seesMessage(`${brunoName} left`);
    await ana.seesPeople(1);
    expect([...ana.complaints, ...bruno.complaints]).toEqual([]);
  });

  test('hostile text runs nothing, on this page and on one that puts it into innerHTML', async () => {
    const [ana, bruno] = await twoInTheRoom();
    const careless = await context.newPage();
    await careless.setContent('<div id="wall"></div>');
    for (const page of [bruno.page, careless]) await page.evaluate('globalThis.hacked = () => alert("hacked")');
    const dialogs: string[] = [];
    careless.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });

    const witness = await server.guest('witness');
    await witness.client.join(room);
    for (const text of HOSTILE) {
      await ana.say(text);
      const { data } = (await witness.client.nextOfType('new_message')) as unknown as { data: { message: string } };
      await careless.evaluate(
        `document.getElementById('wall').insertAdjacentHTML('beforeend', '<p>' + ${quoted(data)} + '</p>')`,
      );
    }
    await ana.say('the end');
    await bruno.seesMessage('the end');
    // Images and frames that were made would have failed or loaded by now.
    await careless.waitForTimeout(500);

    expect(dialogs).toEqual([]);
    expect(await careless.locator('#wall :not(p)').count()).toBe(0);
    expect(await bruno.page.locator('#log *:not(li, p, bdi, time, span)').count()).toBe(0);
    expect((await bruno.texts())[0]).toBe('<script>hacked()</script>');
    expect([...ana.complaints, ...bruno.complaints]).toEqual([]);
  });

  test('a tab that is loaded again is still signed in', async () => {
    const name = unique('ana');
    const ana = await ChatPage.open(context, server.url);
    await ana.signIn(name);
    await ana.page.reload();
    await ana.sees(ana.status, `Signed in as ${name}`);
    await ana.join(room);
  });

  test('after a restart of the server both are back by themselves, and what was written meanwhile arrives once', async () => {
    const [ana, bruno] = await twoInTheRoom();
    await server.process.stop();
    await ana.sees(ana.status, 'Not connected');
    await ana.say('written while away');
    await ana.seesMessage('sending …');
    await server.launch();
    await bruno.seesMessage('written while away');
    await ana.messages.filter({ hasText: 'sending …' }).waitFor({ state: 'detached' });
    expect(await bruno.texts()).toEqual(['written while away']);
    expect(await ana.texts()).toEqual(['written while away']);
  });

  test('who is thrown out is asked to sign in again, and stays out', async () => {
    const ana = await ChatPage.open(context, server.url);
    const { id, username, name } = await server.makeUser('ana');
    await ana.signIn(username, name);
    await server.command(`/api/users/${id}/disconnect`);
    await ana.sees(ana.status, 'Please sign in again.');
    await ana.page.getByLabel('User name').waitFor();
  });

  test('a room that cannot be joined is told, and another can be chosen', async () => {
    const ana = await ChatPage.open(context, server.url);
    await ana.signIn(unique('ana'));
    await ana.page.getByLabel('Room').fill('Not A Slug');
    await ana.page.getByRole('button', { name: 'Join' }).click();
    expect(await ana.page.locator('#slug:invalid').count()).toBe(1);
    await ana.join(room);
  });

  test('it fits a phone, and works by keyboard alone', async () => {
    const ana = await ChatPage.open(context, server.url);
    await ana.page.setViewportSize({ width: 360, height: 640 });
    const { keyboard } = ana.page;
    await ana.page.getByLabel('User name').focus();
    await keyboard.type(unique('ana'));
    await keyboard.press('Enter');
    await ana.sees(ana.status, 'Signed in as');
    // The room's field has the focus, and its usual room in it.
    await keyboard.press('ControlOrMeta+a');
    await keyboard.type(room);
    await keyboard.press('Enter');
    await ana.seesPeople(1);
    await keyboard.type(`A long word: ${'tango'.repeat(60)}`);
    await keyboard.press('Enter');
    await ana.seesMessage('A long word');
    expect(await ana.page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    expect(await ana.page.evaluate('document.documentElement.scrollHeight')).toBeLessThanOrEqual(640);
  });
});

/** The message as a JavaScript literal. */
function quoted({ message }: { message: string }): string {
  return JSON.stringify(message);
}
