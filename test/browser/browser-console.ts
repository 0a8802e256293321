import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import type { Frame } from '../support/ws-client.js';
import { eventually } from '../support/waiting.js';

/** The console of a tab, as a person uses it: what is pasted runs, and later pastes see the names of earlier ones. */
export class BrowserConsole {
  /** What `console.log('Received:', frame)` showed. */
  readonly received: Frame[] = [];
  readonly lines: string[] = [];

  private constructor(
    page: Page,
    private readonly session: CDPSession,
  ) {
    page.on('console', (message) => {
      this.lines.push(message.text());
      const [label, frame] = message.args();
      if (label === undefined || frame === undefined || !message.text().startsWith('Received:')) return;
      frame.jsonValue().then(
        (value: Frame) => this.received.push(value),
        () => undefined, // The tab was closed in the meantime.
      );
    });
  }

  static async open(context: BrowserContext, url: string): Promise<BrowserConsole> {
    const page = await context.newPage();
    await page.goto(url);
    return new BrowserConsole(page, await context.newCDPSession(page));
  }

  async paste(snippet: string): Promise<unknown> {
    const { result, exceptionDetails } = await this.session.send('Runtime.evaluate', {
      expression: snippet,
      replMode: true,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value as unknown;
  }

  async prints(line: string): Promise<void> {
    await eventually(`"${line}" in the console`, () => this.lines.includes(line) || undefined);
  }

  async receives(type: string): Promise<Frame> {
    return eventually(`A "${type}" frame in the console`, () => this.received.find((frame) => frame.type === type));
  }
}
