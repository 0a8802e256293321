import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Browser, BrowserContext } from 'playwright-core';
import { chatMessage } from '../support/client-frames.js';
import { ANY_DATABASE, OwnServer } from '../support/own-server.js';
import { setRole } from '../support/rows.js';
import type { TestUser } from '../support/server.js';
import { claimsFor, secondsFromNow, signToken } from '../support/tokens.js';
import { unique } from '../support/unique.js';
import { eventually } from '../support/waiting.js';
import { launchChromium } from './chromium.js';
import { DashboardPage } from './dashboard-page.js';

const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };
const BURST = 40;
const SETTINGS = { RATE_LIMIT_PER_SECOND: '5', RATE_LIMIT_BURST: String(BURST), SEND_BUFFER_BYTES: '131072' };

describe('the dashboard in a real browser', () => {
  const server = new OwnServer(ANY_DATABASE, SETTINGS);
  let browser: Browser;
  let context: BrowserContext;
  let admin: TestUser;

  beforeAll(async () => {
    browser = await launchChromium();
    await server.start();
    admin = await server.makeUser('admin');
    await server.arrange(async (sql) => setRole(sql, admin, 'admin'));
  }, 150_000);
  afterAll(async () => {
    await browser.close();
    await server.stop();
  }, 60_000);

  beforeEach(async () => {
    context = await browser.newContext({ colorScheme: 'dark', viewport: DESKTOP });
  });
  afterEach(async () => {
    await context.close();
    await server.sendEveryoneHome();
  });

  async function opened(): Promise<DashboardPage> {
    const dashboard = await DashboardPage.open(context, server.url);
    await dashboard.signIn(admin.token);
    return dashboard;
  }

  test('lets in admins alone, and says in words why it does not', async () => {
    const dashboard = await DashboardPage.open(context, server.url);
    await dashboard.offer('not.a.token');
    await dashboard.alert.filter({ hasText: 'The token is not good' }).waitFor();
    await dashboard.offer((await server.makeUser()).token);
    await dashboard.alert.filter({ hasText: 'its user is not an admin' }).waitFor();
    await dashboard.offer('nonsense');
    await dashboard.alert.filter({ hasText: 'This is no token: sign in by name above, or paste a JWT' }).waitFor();
    await dashboard.page.getByLabel('User name').fill(unique('ana'));
    await dashboard.page.getByRole('button', { name: 'Sign in by name' }).click();
    await dashboard.alert.filter({ hasText: 'its user is not an admin' }).waitFor();
    await dashboard.screenshot('dashboard-sign-in');
    await dashboard.signIn(admin.token);
    expect(dashboard.page.url()).toBe(`${server.url}/admin/`);
    await dashboard.page.reload();
    await dashboard.page.getByRole('heading', { name: 'Last 15 minutes' }).waitFor();
    await dashboard.page.getByRole('button', { name: 'Sign out' }).click();
    await dashboard.page.reload();
    await dashboard.page.getByLabel('Admin token').waitFor();
    expect(dashboard.complaints).toEqual([]);
  });

  test('shows what happens: people, rooms, messages, latency', async () => {
    const dashboard = await opened();
    await dashboard.verdict.filter({ hasText: 'All well' }).waitFor();
    const roomSlug = unique('room');
    const { ana } = await server.members(roomSlug, 'ana', 'bob', 'eve');
    for (let i = 0; i < 20; i += 1) await ana.client.say(roomSlug, `Hola ${i}`);
    await dashboard.shows('Connections', '3');
    await dashboard.shows('Rooms', '1');
    await dashboard.shows('Messages a second', /^[1-9]|^0\.[1-9]/);
    await dashboard.shows('Deliveries a second', /^[1-9]/);
    await dashboard.shows('Acknowledgement latency', /^[\d.,]+ m?s$/);
    await dashboard.shows('Heap', /^\d+ MB$/);
    await dashboard.row('Busiest rooms', roomSlug).getByRole('cell', { name: '3', exact: true }).first().waitFor();
    await dashboard.row('Nodes', 'alive').getByRole('cell', { name: 'up', exact: true }).waitFor();
    // Every plot is told in words, too, and all show the moment under the pointer.
    const plots = dashboard.page.getByRole('img', { name: /over the last 15 minutes\. .* (min .* max|in 15 minutes)/ });
    expect(await plots.count()).toBe(10);
    await plots.first().hover();
    await dashboard
      .tile('Heap')
      .getByText(/^at \d\d:\d\d:\d\d$/)
      .waitFor();
    expect(dashboard.complaints).toEqual([]);
  });

  test('shows a slow client that was cut, and the rate limit', async () => {
    const dashboard = await opened();
    const { slow, eager } = await server.guests('slow', 'eager');
    slow.client.pauseReading();
    const data = 'x'.repeat(60_000);
    await eventually(
      'The slow client is cut',
      async () => {
        await server.command(`/api/users/${slow.user.id}/events`, { type: 'news', data });
        return (await server.get('/metrics')).text.includes('milonga_slow_clients_cut_total 1') || undefined;
      },
      { within: 40_000, every: 0 },
    );
    const roomSlug = unique('room');
    await eager.client.join(roomSlug);
    eager.client.sendTogether(...Array.from({ length: BURST + 30 }, () => chatMessage(roomSlug, 'hello', unique('m'))));
    await dashboard.shows('Slow clients cut', '1');
    await dashboard.shows('Rate limits hit', /^[1-9]\d$/);
    await dashboard.verdict.filter({ hasText: /Rate limits hit \d+ times within a minute/ }).waitFor();
    await dashboard.screenshot('dashboard-worth-a-look', true);
    expect(dashboard.complaints).toEqual([]);
  }, 120_000);

  test('finds a user, and disconnects them after asking', async () => {
    const dashboard = await opened();
    const { page } = dashboard;
    const { ana, anabel } = await server.guests('ana', 'anabel');
    const roomSlug = unique('room');
    await ana.client.join(roomSlug);
    await dashboard.find('nobody-of-that-name');
    await page.getByText('Nobody has that id').waitFor();
    await dashboard.find(ana.user.username);
    await dashboard.row('Users found', ana.user.username).waitFor();
    await dashboard.row('Connections', roomSlug).waitFor();

    await page.getByRole('button', { name: 'Disconnect', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Disconnect', exact: true }).click();
    await dashboard.screenshot('dashboard-disconnect');
    await page
      .getByRole('dialog')
      .getByRole('button', { name: `Disconnect ${ana.user.username}` })
      .click();
    expect(await ana.client.end()).toMatchObject({ code: 4401 });
    await page.getByText('1 connection closed.').waitFor();
    await page.getByText('Not connected.').waitFor();
    expect(await anabel.client.barrier()).toEqual([]);
    expect(dashboard.complaints).toEqual([]);
  });

  test.each(['dark', 'light'] as const)('axe finds no serious fault in %s colours, on any screen', async (scheme) => {
    const dashboard = await DashboardPage.open(context, server.url);
    const { page } = dashboard;
    await page.emulateMedia({ colorScheme: scheme });
    await page.reload();
    await page.getByLabel('User name').waitFor();
    expect(await dashboard.accessibilityFaults()).toEqual([]);

    const { ana } = await server.members(unique('room'), 'ana');
    await dashboard.signIn(admin.token);
    await dashboard.find(ana.user.username);
    await page.getByRole('button', { name: 'Disconnect', exact: true }).waitFor();
    await dashboard.shows('Connections', '1');
    expect(await dashboard.accessibilityFaults()).toEqual([]);
    await dashboard.screenshot(`dashboard-desktop-${scheme}`);
    await page.setViewportSize(PHONE);
    expect(await dashboard.accessibilityFaults()).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(PHONE.width);
    await dashboard.screenshot(`dashboard-phone-${scheme}`, true);
    await page.getByRole('button', { name: 'Disconnect', exact: true }).click();
    await page.getByRole('dialog').waitFor();
    expect(await dashboard.accessibilityFaults()).toEqual([]);
  });

  test('the colours can be chosen, and stay', async () => {
    const dashboard = await opened();
    const ground = async () => dashboard.page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    const dark = await ground();
    await dashboard.page.getByRole('button', { name: 'Light colours' }).click();
    const light = await ground();
    expect(light).not.toBe(dark);
    await dashboard.page.reload();
    await dashboard.page.getByRole('button', { name: 'Dark colours' }).waitFor();
    expect(await ground()).toBe(light);
  });

  test('works by keyboard alone', async () => {
    const dashboard = await DashboardPage.open(context, server.url);
    const { keyboard } = dashboard.page;
    const { ana } = await server.guests('ana');
    await dashboard.page.getByLabel('Admin token').focus();
    await keyboard.insertText(admin.token);
    await keyboard.press('Enter');
    await dashboard.page.getByLabel('Id, or how the user name begins').focus();
    await keyboard.type(ana.user.username);
    await keyboard.press('Enter');
    await dashboard.page.getByRole('button', { name: 'Disconnect', exact: true }).focus();
    await keyboard.press('Enter');
    await dashboard.page.getByRole('dialog').waitFor();
    // The focus is inside, on what does no harm.
    await keyboard.press('Enter');
    await dashboard.page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(ana.client.isOpen).toBe(true);
  });

  test('a token that expires is told, with what was known kept', async () => {
    const dashboard = await DashboardPage.open(context, server.url);
    // Its last 5 s are leeway.
    await dashboard.signIn(await signToken(claimsFor(admin.id, { exp: secondsFromNow(2) })));
    await dashboard.shows('Heap', /MB/);
    await dashboard.alert.filter({ hasText: 'The token is not good, or not any more.' }).waitFor();
    await dashboard.shows('Heap', /MB/);
  });

  test('a server that is killed is told, with what was known kept; one that is back, too', async () => {
    const dashboard = await opened();
    await dashboard.shows('Heap', /MB/);
    await server.process.kill();
    await dashboard.alert.filter({ hasText: 'The server cannot be reached.' }).waitFor();
    await dashboard.alert.filter({ hasText: 'What is shown is from before.' }).waitFor();
    await dashboard.shows('Heap', /MB/);
    expect(await dashboard.page.getByText('All well').count()).toBe(0);
    await dashboard.screenshot('dashboard-unreachable');
    await server.launch();
    await dashboard.alert.waitFor({ state: 'detached' });
    await dashboard.verdict.filter({ hasText: /All well|Worth a look/ }).waitFor();
    expect(dashboard.complaints).toEqual([]);
  }, 120_000);
});
