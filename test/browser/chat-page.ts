import type { BrowserContext, Locator, Page } from 'playwright-core';

import { eventually } from '../support/waiting.js';

/** The demo page in a tab, used as a person uses it: by labels and roles. */
export class ChatPage {
  /** Whatever the page did that no page of ours may do: errors, dialogs, refused content, requests to elsewhere. */
  readonly complaints: string[] = [];
  readonly banner: Locator;
  readonly log: Locator;
  readonly messages: Locator;
  readonly composer: Locator;
  readonly roomField: Locator;

  private constructor(
    readonly page: Page,
    origin: string,
  ) {
    this.banner = page.locator('.banner');
    this.log = page.getByRole('log');
    this.messages = this.log.getByRole('listitem');
    this.composer = page.getByRole('textbox', { name: 'Message' });
    this.roomField = page.getByRole('textbox', { name: 'Room name' });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      // A server that is not there, and a refused sign-in, are logged by the browser itself.
      const isTold = /WebSocket connection|ERR_(CONNECTION|INTERNET|EMPTY_RESPONSE)/.test(message.text());
      const isOfSignIn = message.location().url.endsWith('/auth/demo');
      if (message.type() === 'error' && !isTold && !isOfSignIn) this.complaints.push(message.text());
    });
    page.on('dialog', (dialog) => {
      this.complaints.push(`A dialog opened: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(`${origin}/`)) this.complaints.push(`A request to ${request.url()}`);
    });
  }

  /** @param room the room in the address; none: the first of the person's own */
  static async open(context: BrowserContext, url: string, room = ''): Promise<ChatPage> {
    const chat = new ChatPage(await context.newPage(), url);
    await chat.page.goto(`${url}/${room && `#${room}`}`);
    return chat;
  }

  /** By name; then the person's rooms are there. */
  async signIn(username: string): Promise<void> {
    await this.page.getByLabel('Your name').fill(username);
    await this.page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await this.composer.waitFor();
  }

  async join(slug: string): Promise<void> {
    await this.roomField.fill(slug);
    await this.roomField.press('Enter');
    await this.seesRoom(slug);
  }

  /** Opens one of the person's rooms, beside the conversation. */
  async open(slug: string): Promise<void> {
    await this.roomLink(slug).click();
    await this.seesRoom(slug);
  }

  async leave(): Promise<void> {
    await this.page.getByRole('button', { name: 'Leave this room' }).click();
  }

  roomLink(slug: string): Locator {
    return this.page.getByRole('navigation').getByRole('button', { name: slug });
  }

  /** Types a message and presses Enter. */
  async say(message: string): Promise<void> {
    await this.composer.fill(message);
    await this.composer.press('Enter');
  }

  async seesRoom(slug: string): Promise<void> {
    await this.page.getByRole('main').getByRole('heading', { name: slug }).waitFor();
  }

  /** Waits for a line of the log that holds the text. */
  async seesMessage(text: string): Promise<void> {
    await this.messages.filter({ hasText: text }).first().waitFor();
  }

  /** Waits until nothing of one's own is on its way any more. */
  async seesAllSent(): Promise<void> {
    const underWay = this.log.locator('.waiting, .sending');
    await eventually('All is sent', async () => (await underWay.count()) === 0 || undefined, { within: 60_000 });
  }

  async seesTitle(title: string): Promise<void> {
    await eventually(`The title "${title}"`, async () => (await this.page.title()) === title || undefined);
  }

  async seesPeople(count: number): Promise<void> {
    await this.page.getByRole('main').getByText(`${count} here`).waitFor();
  }

  async seesOffline(): Promise<void> {
    await this.banner.filter({ hasText: 'Next try in' }).waitFor({ timeout: 30_000 });
  }

  /** Waits until the server is there again, without a click. */
  async seesOnline(): Promise<void> {
    await this.page.locator('.banner.online, .banner.back').waitFor({ state: 'attached', timeout: 45_000 });
  }

  /** Turns the mouse wheel over the log, in px; negative: up. */
  async scroll(by: number): Promise<void> {
    await this.log.hover();
    await this.page.mouse.wheel(0, by);
  }

  /** The texts of the messages, without names and times. */
  async texts(): Promise<string[]> {
    return this.log.locator('.text').allTextContents();
  }
}
