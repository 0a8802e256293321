import { describe, expect, test } from '@jest/globals';
import { eventually } from '../support/waiting.js';
import { unique } from '../support/unique.js';
import { ChatPage } from './chat-page.js';
import { ChromiumSuite } from './chromium-suite.js';

describe('the demo page in a real browser', () => {
  const suite = new ChromiumSuite();

  test('two windows sign in, meet, chat and part', async () => {
    const [ana, bruno] = await suite.two();
    await ana.seesMessage(`${bruno.username} joined`);

    await ana.say('¿Bailamos? 1 < 2 & I <3 tango');
    await bruno.seesMessage('¿Bailamos? 1 < 2 & I <3 tango');
    await bruno.seesMessage(ana.username);
    await bruno.say('مرحبا');
    await ana.seesMessage('مرحبا');
    await ana.seesAllSent();
    expect(await ana.texts()).toEqual(await bruno.texts());
    expect(await ana.texts()).toEqual(['¿Bailamos? 1 < 2 & I <3 tango', 'مرحبا']);

    await bruno.leave();
    await ana.seesMessage(`${bruno.username} left`);
    await ana.seesPeople(1);
    expect([...ana.complaints, ...bruno.complaints]).toEqual([]);
  });

  test('each sees who types, and who was here before', async () => {
    const [ana, bruno] = await suite.two();
    await bruno.composer.pressSequentially('Hola');
    await ana.page.getByText(`${bruno.username} is typing …`).waitFor();
    await bruno.composer.press('Enter');
    await ana.seesMessage('Hola');
    await ana.page.getByText('is typing …').waitFor({ state: 'detached' });
    await bruno.composer.pressSequentially('x');
    await ana.page.getByText('is typing …').waitFor();
    await bruno.composer.press('Backspace');
    await ana.page.getByText('is typing …').waitFor({ state: 'detached' });
    // Bruno came when Ana was there, and she has said nothing.
    await bruno.page.locator('.people .name', { hasText: ana.username }).waitFor({ state: 'attached' });
    expect([...ana.complaints, ...bruno.complaints]).toEqual([]);
  });

  test('messages of one author stand together; who comes and goes between them is one line', async () => {
    const [ana, bruno] = await suite.two();
    await ana.say('one');
    await ana.say('two');
    await bruno.seesMessage('two');
    const { carla, dario } = await suite.server.members(suite.room, 'carla', 'dario');
    await bruno.seesMessage(`${carla.user.username} and ${dario.user.username} joined`);
    await bruno.say('three');
    await ana.seesMessage('three');
    expect(await bruno.log.locator('.author').allTextContents()).toEqual([ana.username]);
    expect(await ana.log.locator('.author').allTextContents()).toEqual([bruno.username]);
    expect(await ana.log.locator('.day').allTextContents()).toEqual(['Today']);
  });

  test('unread messages of another room are counted beside it, in the title, and marked where they begin', async () => {
    const [ana, bruno] = await suite.two();
    const elsewhere = unique('elsewhere');
    await ana.join(elsewhere);
    await bruno.say('first');
    await bruno.say('second');
    await ana.roomLink(suite.room).filter({ hasText: '2 unread' }).waitFor();
    await ana.seesTitle(`(2) ${elsewhere} · Milonga`);

    await ana.open(suite.room);
    await ana.seesMessage('New messages');
    const lines = await ana.messages.allTextContents();
    expect(lines[lines.indexOf('New messages') + 1]).toContain('first');
    await ana.seesTitle(`${suite.room} · Milonga`);
    await ana.roomLink(suite.room).filter({ hasNotText: 'unread' }).waitFor();
  });

  test('older messages come on scrolling up, and what one looks at stays where it is', async () => {
    const { client } = (await suite.server.members(suite.room, 'writer')).writer;
    const numbers = Array.from({ length: 130 }, (_, index) => `message ${index + 1}`);
    for (const text of numbers) client.send({ type: 'chat_message', roomSlug: suite.room, message: text });
    for (const _ of numbers) await client.nextOfType('message_sent');

    const ana = await suite.visitor('ana');
    await ana.seesMessage('message 130');
    expect(await ana.texts()).toHaveLength(50);
    const place = async (): Promise<number> =>
      (await ana.messages.filter({ hasText: 'message 90' }).boundingBox())?.y ?? NaN;
    // Near enough to the top for the next page, which has not come yet when the script ends.
    await ana.page.evaluate("document.querySelector('[role=log]').scrollTop = 200");
    const before = await place();
    await ana.seesMessage('message 31');
    expect(Math.abs((await place()) - before)).toBeLessThan(1);
    expect(await ana.page.evaluate("document.querySelector('[role=log]').scrollTop")).toBeGreaterThan(1_000);

    // Back to the top again and again, until the room has begun.
    await expectEventually(async () => {
      await ana.scroll(-10_000);
      return (await ana.texts()).length === 130;
    });
    expect(await ana.texts()).toEqual(numbers);
    await ana.log.getByText(`This is where ${suite.room} began.`).waitFor();

    client.send({ type: 'chat_message', roomSlug: suite.room, message: 'fresh' });
    await ana.page.getByRole('button', { name: '1 new' }).click();
    await ana.page.getByRole('button', { name: '1 new' }).waitFor({ state: 'detached' });
    await ana.messages.filter({ hasText: 'fresh' }).waitFor();
  });

  test('a message that is too long is told before it is sent', async () => {
    const ana = await suite.visitor('ana');
    await ana.say('x'.repeat(4_001));
    await ana.page.getByText('1 characters too many').waitFor();
    expect(await ana.page.getByRole('button', { name: 'Send' }).isDisabled()).toBe(true);
    await ana.say('x'.repeat(4_000));
    await ana.seesMessage('xxx');
    await ana.seesAllSent();
  });

  test('a message that is refused is marked, and can be sent again or discarded', async () => {
    const ana = await suite.visitor('ana');
    await ana.seesPeople(1);
    // Nothing that can be seen is left of it: the server refuses it, the page cannot know.
    await ana.say('\u0001');
    await ana.messages.filter({ hasText: 'Not sent' }).waitFor();
    await ana.page.getByRole('button', { name: 'Retry' }).click();
    await ana.messages.filter({ hasText: 'Not sent' }).waitFor();
    await ana.page.getByRole('button', { name: 'Discard' }).click();
    await ana.messages.filter({ hasText: 'Not sent' }).waitFor({ state: 'detached' });
    await ana.say('This one is good');
    await ana.seesMessage('This one is good');
    await ana.seesAllSent();
  });

  test('a tab that is loaded again is still signed in, and in its room', async () => {
    const [ana, bruno] = await suite.two();
    await ana.say('before');
    await bruno.seesMessage('before');
    await bruno.page.reload();
    await bruno.seesRoom(suite.room);
    await bruno.seesMessage('before');
    await bruno.say('after');
    await ana.seesMessage('after');
  });

  test('who is thrown out is asked to sign in again, and stays out', async () => {
    const ana = await ChatPage.open(suite.context, suite.server.url);
    const { id, username } = await suite.server.makeUser('ana');
    await ana.signIn(username);
    await ana.seesPeople(1);
    await suite.server.command(`/api/users/${id}/disconnect`);
    await ana.page.getByText('Please sign in again.').waitFor();
    await ana.page.getByLabel('Your name').waitFor();
  });

  test('what is typed becomes the name of a room, and a room that was left is suggested again', async () => {
    const ana = await suite.visitor('ana');
    await ana.roomField.fill(`Milongas en París ${suite.room}`);
    await ana.page.getByText(`It will be called milongas-en-paris-${suite.room}.`).waitFor();
    await ana.roomField.press('Enter');
    await ana.seesRoom(`milongas-en-paris-${suite.room}`);
    await ana.open('tango-tips');
    await ana.leave();
    await ana.roomLink('tango-tips').click();
    await ana.seesRoom('tango-tips');
  });
});

async function expectEventually(isSo: () => Promise<boolean>): Promise<void> {
  await eventually('It is so', async () => (await isSo()) || undefined, { within: 20_000 });
}
