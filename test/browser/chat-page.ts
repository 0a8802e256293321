import type { BrowserContext, Locator, Page } from 'playwright-core';

/** The demo page in a tab, used as a person uses it: by labels and roles. */
export class ChatPage {
  /** Whatever the page did that no page of ours may do: errors, dialogs, refused content. */
  readonly complaints: string[] = [];
  readonly status: Locator;
  readonly messages: Locator;

  private constructor(readonly page: Page) {
    this.status = page.getByRole('status');
    this.messages = page.getByRole('log').getByRole('listitem');
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      // A connection that the server ended is logged by the browser itself.
      const isOwn = !/WebSocket connection|ERR_CONNECTION/.test(message.text());
      if (message.type() === 'error' && isOwn) this.complaints.push(message.text());
    });
    page.on('dialog', (dialog) => {
      this.complaints.push(`A dialog opened: ${dialog.message()}`);
      void dialog.dismiss();
    });
  }

  static async open(context: BrowserContext, url: string): Promise<ChatPage> {
    const chat = new ChatPage(await context.newPage());
    await chat.page.goto(url);
    return chat;
  }

  async signIn(username: string, name = ''): Promise<void> {
    await this.page.getByLabel('User name').fill(username);
    await this.page.getByLabel('Your name').fill(name);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
    await this.sees(this.status, `Signed in as ${name || username}`);
  }

  async join(slug: string): Promise<void> {
    await this.page.getByLabel('Room').fill(slug);
    await this.page.getByRole('button', { name: 'Join' }).click();
    await this.page.getByRole('heading', { name: slug }).waitFor();
  }

  async leave(): Promise<void> {
    await this.page.getByRole('button', { name: 'Leave' }).click();
    await this.page.getByRole('heading', { name: 'Choose a room' }).waitFor();
  }

  /** Types a message and presses Enter. */
  async say(message: string): Promise<void> {
    const field = this.page.getByLabel('Message', { exact: true });
    await field.fill(message);
    await field.press('Enter');
  }

  /** Waits for a line of the log that holds the text. */
  async seesMessage(text: string): Promise<void> {
    await this.messages.filter({ hasText: text }).first().waitFor();
  }

  async seesPeople(count: number): Promise<void> {
    await this.page.getByText(count === 1 ? '1 person here' : `${count} people here`).waitFor();
  }

  async sees(where: Locator, text: string): Promise<void> {
    await where.filter({ hasText: text }).waitFor();
  }

  /** The texts of the messages, without names and times. */
  async texts(): Promise<string[]> {
    return this.page.getByRole('log').locator('.text').allTextContents();
  }
}
