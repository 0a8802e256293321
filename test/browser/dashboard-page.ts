import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { BrowserContext, Locator, Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SCREENSHOTS = new URL('../../artifacts/screenshots/', import.meta.url).pathname;

/** The dashboard in a tab, used as a person uses it: by labels and roles. */
export class DashboardPage {
  /** Whatever the page did that no page of ours may do: errors, refused content. */
  readonly complaints: string[] = [];
  readonly verdict: Locator;
  readonly alert: Locator;

  private constructor(readonly page: Page) {
    this.verdict = page.getByRole('status').first();
    this.alert = page.getByRole('alert');
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      // The browser itself logs answers that are refusals, and servers that are gone.
      const isOwn = !/Failed to load resource|ERR_/.test(message.text());
      if (message.type() === 'error' && isOwn) this.complaints.push(message.text());
    });
  }

  static async open(context: BrowserContext, url: string): Promise<DashboardPage> {
    const dashboard = new DashboardPage(await context.newPage());
    await dashboard.page.goto(`${url}/admin`);
    return dashboard;
  }

  async signIn(token: string): Promise<void> {
    await this.offer(token);
    await this.page.getByRole('heading', { name: 'Last 15 minutes' }).waitFor();
  }

  /** Tries a token that may be refused. */
  async offer(token: string): Promise<void> {
    await this.page.getByLabel('admin token').fill(token);
    await this.page.getByRole('button', { name: 'Open the dashboard' }).click();
  }

  tile(title: string): Locator {
    return this.page.getByRole('group', { name: title, exact: true });
  }

  /** Waits until the first number of a tile is that. */
  async shows(title: string, value: string | RegExp): Promise<void> {
    const whole = typeof value === 'string' ? new RegExp(`^${value}$`) : value;
    await this.tile(title).locator('b').first().filter({ hasText: whole }).waitFor({ timeout: 30_000 });
  }

  row(table: string, name: string): Locator {
    return this.page.getByRole('group', { name: table }).getByRole('row').filter({ hasText: name });
  }

  async find(text: string): Promise<void> {
    await this.page.getByLabel('Id, or how the user name begins').fill(text);
    await this.page.getByRole('button', { name: 'Find' }).click();
  }

  /** What axe calls serious or critical, a line each. */
  async accessibilityFaults(): Promise<string[]> {
    await this.page.evaluate(AXE);
    const { violations } = await this.page.evaluate<AxeResults>('axe.run(document)');
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  }

  /** Into `artifacts/screenshots`, for people to look at. */
  async screenshot(name: string, fullPage = false): Promise<void> {
    await this.page.screenshot({ path: `${SCREENSHOTS}${name}.png`, fullPage });
  }
}
