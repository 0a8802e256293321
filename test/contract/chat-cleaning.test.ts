import { describe, expect, test } from '@jest/globals';
import { activeMarkup } from '../support/active-markup.js';
import { ATTACKS, HIDDEN_ATTACKS } from '../support/hostile-texts.js';
import { describeServer } from '../support/suite.js';
import { unique } from '../support/unique.js';
import { dataOf } from '../support/ws-client.js';

const UNCHANGED = [
  '1 < 2 && 3 > 2',
  'I <3 tango',
  'R&B',
  'a < b, b > c',
  'AT&T & friends',
  '"double" and \'single\' `quotes`',
  'x <- y -> z <= w >= v <> u',
  '<3 <3 <3',
  '👋🏽 👩‍👩‍👧‍👦 🏳️‍🌈 🇦🇷 💃',
  'مرحبا بالعالم',
  'שלום עולם',
  'می‌خواهم',
  '日本語 — ½ “quotes” …',
  'line one\nline two\n\n\tindented',
  'javascript: is a language, onclick=nothing',
  '100 % \\o/ {{template}} ${literal} %s \\u0041',
  "Robert'); DROP TABLE messages;--",
];

const CLEANED: [what: string, sent: string, kept: string][] = [
  ['decomposed letters become NFC', 'cafe\u0301 an\u0303o', 'café año'],
  ['NUL is removed', 'a\u0000b', 'ab'],
  ['C0 controls are removed', 'a\u0001\u0007\u0008\u000b\u000c\u000e\u001b\u001fb', 'ab'],
  ['DEL and C1 controls are removed', 'a\u007f\u0080\u0085\u009fb', 'ab'],
  ['a carriage return goes, the line break stays', 'a\r\nb', 'a\nb'],
  ['bidi overrides are removed', 'a\u202eb\u202dc', 'abc'],
  ['outer white space is trimmed', ' \n\t hello \u00a0\n', 'hello'],
  ['white space behind removed controls is trimmed, too', '\u0000 hello \u0000', 'hello'],
  ['inner white space stays', 'a  b \n c', 'a  b \n c'],
];

describeServer('The text of messages', {}, (server) => {
  /** The text that comes back for the one that was sent; the stored text must be the same. */
  async function textAfter(message: string): Promise<string> {
    const roomSlug = unique('room');
    const { ana, bob } = await server.members(roomSlug, 'ana', 'bob');
    await ana.client.say(roomSlug, message);
    const { message: received } = dataOf(await bob.client.next());
    const [stored] = await server.history(roomSlug, ana.user);
    expect(stored?.message).toBe(received);
    return String(received);
  }

  test.each(UNCHANGED)('CHAT-7: %j comes back unchanged', async (message) => {
    expect(await textAfter(message)).toBe(message);
  });

  test.each(CLEANED)('CHAT-7: %s', async (_what, sent, kept) => {
    expect(await textAfter(sent)).toBe(kept);
  });

  test.each([
    ['high', 'a\ud83db'],
    ['low', 'a\udc83b'],
    ['reversed pair', 'a\udc83\ud83db'],
    ['high at the end', 'ab\ud83d'],
  ])('CHAT-7: lone surrogates (%s) are removed or made well-formed', async (_what, message) => {
    const text = await textAfter(message);
    expect(text).toMatch(/^a\ufffd*b\ufffd*$/);
  });

  test.each([...ATTACKS, ...HIDDEN_ATTACKS])('CHAT-7: %j runs nothing in innerHTML', async (message) => {
    expect(activeMarkup(await textAfter(message))).toEqual([]);
  });
});

describe('what the cleaning tests rely on', () => {
  test.each(ATTACKS)('CHAT-7: %j would be seen as active', (attack) => {
    expect(activeMarkup(attack)).not.toEqual([]);
  });

  test.each(UNCHANGED)('CHAT-7: %j is seen as harmless', (text) => {
    expect(activeMarkup(text)).toEqual([]);
  });
});
