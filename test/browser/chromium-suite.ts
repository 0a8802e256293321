import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import type { Browser, BrowserContext } from 'playwright-core';
import { ANY_DATABASE, OwnServer } from '../support/own-server.js';
import type { Environment } from '../support/server-process.js';
import { unique } from '../support/unique.js';
import { ChatPage } from './chat-page.js';
import { launchChromium } from './chromium.js';

/** A server and a Chromium for the tests of one `describe`; each test has a profile and a room of its own. */
export class ChromiumSuite {
  readonly server: OwnServer;
  context!: BrowserContext;
  room = '';

  private browser!: Browser;

  constructor(settings: Environment = {}) {
    this.server = new OwnServer(ANY_DATABASE, settings);
    beforeAll(async () => {
      this.browser = await launchChromium();
      await this.server.start();
    }, 90_000);
    afterAll(async () => {
      await this.browser.close();
      await this.server.stop();
    }, 60_000);
    beforeEach(async () => {
      this.context = await this.browser.newContext();
      this.room = unique('room');
    });
    afterEach(async () => {
      await this.context.close();
      await this.server.sendEveryoneHome();
    });
  }

  /** A context of its own: another person's browser, or one with other settings. */
  async newContext(options: Parameters<Browser['newContext']>[0] = {}): Promise<BrowserContext> {
    await this.context.close();
    return (this.context = await this.browser.newContext(options));
  }

  /** A tab of somebody new in the test's room. */
  async visitor(nickname: string, url = this.server.url): Promise<ChatPage & { readonly username: string }> {
    const username = unique(nickname);
    const page = await ChatPage.open(this.context, url, this.room);
    await page.signIn(username);
    await page.seesRoom(this.room);
    return Object.assign(page, { username });
  }

  /** Two tabs of two people in one room, who know of each other. */
  async two(): Promise<[Visitor, Visitor]> {
    const ana = await this.visitor('ana');
    await ana.seesPeople(1);
    const bruno = await this.visitor('bruno');
    await ana.seesPeople(2);
    await bruno.seesPeople(2);
    return [ana, bruno];
  }
}

export type Visitor = Awaited<ReturnType<ChromiumSuite['visitor']>>;
