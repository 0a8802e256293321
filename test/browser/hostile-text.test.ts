import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Browser, Page } from 'playwright-core';
import { cleanText } from '../../src/chat/clean-text.js';
import { ATTACKS, HIDDEN_ATTACKS, nastyText } from '../support/hostile-texts.js';
import { ANY_DATABASE, OwnServer } from '../support/own-server.js';
import { unique } from '../support/unique.js';
import { dataOf } from '../support/ws-client.js';
import { launchChromium } from './chromium.js';

const SAMPLES = 3_000;
const SEED = 20_261_127;

/** What a page may wrap a message into before it gives all of it to `innerHTML`. */
const FRAMES: [what: string, before: string, after: string][] = [
  ['nothing', '', ''],
  ['a paragraph', '<p>', '</p>'],
  ['a list item', '<ul><li>', '</li></ul>'],
  ['a table cell', '<table><tr><td>', '</td></tr></table>'],
  ['a bold word, and more text', 'Ana: <b>', '</b> said so'],
  ['an SVG text', '<svg><text>', '</text></svg>'],
  ['a text area', '<textarea>', '</textarea>'],
];

describe('CHAT-7: hostile text in the innerHTML of a real Chromium', () => {
  const server = new OwnServer(ANY_DATABASE);
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    browser = await launchChromium();
    page = await browser.newPage();
    await page.setContent('<!doctype html><body></body>');
    await page.evaluate('window.runs = 0; window.alert = () => { window.runs += 1; }');
    await server.start();
  }, 90_000);
  afterAll(async () => {
    await browser.close();
    await server.stop();
  }, 60_000);

  /** What becomes of each text: the elements that it made beyond those around it, and how often script ran. */
  async function inInnerHtml(texts: readonly string[], before: string, after: string): Promise<[string[], number]> {
    const script = `(async (texts, before, after) => {
      const count = (html) => {
        const box = document.createElement('div');
        box.innerHTML = html;
        document.body.append(box);
        return box.querySelectorAll('*').length;
      };
      const own = count(before + 'x' + after);
      const active = texts.filter((text) => count(before + text + after) !== own);
      await new Promise((resolve) => setTimeout(resolve, 300));
      document.body.replaceChildren();
      return [active, window.runs];
    })(${[texts, before, after].map((value) => JSON.stringify(value)).join()})`;
    return page.evaluate(script);
  }

  test('the attacks do run there as they are sent', async () => {
    const [active, runs] = await inInnerHtml(ATTACKS, '', '');
    expect(active.length).toBeGreaterThan(ATTACKS.length / 2);
    expect(runs).toBeGreaterThan(0);
    await page.evaluate('window.runs = 0');
  });

  test('as the server sends them they make no element and run nothing', async () => {
    const roomSlug = unique('room');
    const { ana, bob } = await server.members(roomSlug, 'ana', 'bob');
    const received: string[] = [];
    for (const attack of [...ATTACKS, ...HIDDEN_ATTACKS]) {
      await ana.client.say(roomSlug, attack);
      received.push(String(dataOf(await bob.client.next())['message']));
    }
    for (const [, before, after] of FRAMES) expect(await inInnerHtml(received, before, after)).toEqual([[], 0]);
  });

  test.each(FRAMES)('thousands of texts made of dangerous pieces, in %s', async (_what, before, after) => {
    const texts = fc.sample(nastyText, { numRuns: SAMPLES, seed: SEED }).map(cleanText);
    expect(await inInnerHtml(texts, before, after)).toEqual([[], 0]);
  });

  test('what is ordinary looks as it was written', async () => {
    const texts = ['1 < 2 && 3 > 2', 'I <3 tango', 'R&B', 'مرحبا', '👩‍👩‍👧'];
    const shown = await page.evaluate(`${JSON.stringify(texts.map(cleanText))}.map((text) => {
      const box = document.createElement('div');
      box.innerHTML = text;
      return box.textContent;
    })`);
    expect(shown).toEqual(texts);
  });
});
