import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5';
import { cleanText, isHopelesslyLong, isLongerThan } from '../../../src/chat/clean-text.js';
import { nastyText as nasty } from '../../support/hostile-texts.js';

describe('unchanged', () => {
  test.each([
    'Hello everyone!',
    '1 < 2 && 3 > 2',
    'I <3 tango',
    'R&B',
    '<- there -> here <= <> << >_< !',
    'two\nlines\tand a tab',
    '💃🕺 👩‍👩‍👧 🇦🇷 ❤️',
    'مرحبا بالعالم',
    'שלום \u200Fעולם\u200E',
    'नमस्ते கணினி 안녕 你好',
    '&lt;b> &amp; &copy;',
    'https://example.com/?a=1&b=2#c',
  ])('%s', (text) => {
    expect(cleanText(text)).toBe(text);
  });
});

describe('cleaned', () => {
  test.each([
    ['trimmed', '  \n hi \t\u00A0\uFEFF', 'hi'],
    ['nothing left', ' \n\t ', ''],
    ['line ends', 'a\r\nb', 'a\nb'],
    ['C0', 'a\0b\u0007c\u001Bd\u007Fe', 'abcde'],
    ['C1', 'a\u0085b\u009Bc', 'abc'],
    ['bidi overrides', 'a\u202Eb\u202Ac\u2066d\u2069e', 'abcde'],
    ['lone surrogates', 'a\uD83Db\uDC83c', 'a\uFFFDb\uFFFDc'],
    ['surrogates that only a removal would join', '\uD83D\u0001\uDC83', '\uFFFD\uFFFD'],
    ['NFC', 'cafe\u0301', 'café'],
    ['NFC across a removal', 'cafe\u0001\u0301', 'café'],
    ['element', '<img src=x onerror=alert(1)>', '&lt;img src=x onerror=alert(1)>'],
    ['end tag', '</div>', '&lt;/div>'],
    ['comment', '<!-- x', '&lt;!-- x'],
    ['processing instruction', '<?xml ?>', '&lt;?xml ?>'],
    ['element behind a removal', '<\u0000\u202Escript>', '&lt;script>'],
    ['element behind two <', '<<b>', '<&lt;b>'],
    ['Kelvin sign, an ASCII K under NFC', '<\u212Abd>', '&lt;Kbd>'],
    ['no element: a letter that NFC makes another', '<a\u0301', '<\u00E1'],
    ['no element: a < that NFC makes another sign', '<\u0338b', '\u226Eb'],
    ['a < at the end, which a page would complete', 'a < ', 'a &lt;'],
  ])('%s', (_name, raw, clean) => {
    expect(cleanText(raw)).toBe(clean);
  });

  test('a frame full of marks is spaced out, so that ordering them takes no time', () => {
    const marks = '\u0345\u035D\u0315\u0301\u0316\u0591\u0592\u0338'.split('');
    const raw = `a${marks.map((mark) => mark.repeat(4_000)).join('')}`;
    const start = performance.now();
    const clean = cleanText(raw);
    // It takes some 20 ms, and a second where marks are ordered in one run.
    expect(performance.now() - start).toBeLessThan(300);
    expect(clean.replaceAll('\u034F', '')).toHaveLength(raw.length);
  });
});

const RUNS = { numRuns: 2_000 };

/** What a browser makes of it; undefined when that is anything but text. */
function textOf(html: string): string | undefined {
  const [outer, ...others] = parseFragment(`<div>${html}</div>`).childNodes;
  if (others.length > 0 || outer?.nodeName !== 'div') return undefined;
  const children = outer.childNodes;
  return children.every((child) => child.nodeName === '#text')
    ? children.map((child) => (child as DefaultTreeAdapterTypes.TextNode).value).join('')
    : undefined;
}

describe('any text at all', () => {
  test('is nothing but text to a browser', () => {
    fc.assert(
      fc.property(nasty, (raw) => {
        expect(textOf(cleanText(raw))).toBeDefined();
      }),
      RUNS,
    );
  });

  test('shows in a browser as what was written', () => {
    const withoutReferences = nasty.filter((raw) => !raw.includes('&'));
    fc.assert(
      fc.property(withoutReferences, (raw) => {
        expect(textOf(cleanText(raw))).toBe(cleanText(raw).replaceAll('&lt;', '<'));
      }),
      RUNS,
    );
  });

  test('stays text when a page joins it to another', () => {
    fc.assert(
      fc.property(nasty, nasty, (one, other) => {
        expect(textOf(cleanText(one) + cleanText(other))).toBeDefined();
      }),
      RUNS,
    );
  });

  test('is clean after one cleaning', () => {
    fc.assert(
      fc.property(nasty, (raw) => {
        const clean = cleanText(raw);
        expect(cleanText(clean)).toBe(clean);
        expect(clean.normalize('NFC')).toBe(clean);
        expect(clean.trim()).toBe(clean);
        expect(clean).not.toMatch(/[\0-\x08\x0B-\x1F\x7F-\x9F\u202A-\u202E\u2066-\u2069]|\p{Surrogate}/u);
      }),
      RUNS,
    );
  });

  test('is only trimmed when it is plain ASCII, alone or among other signs', () => {
    const plain = fc.stringMatching(/^[\t\n -;=-~]*$/);
    fc.assert(
      fc.property(plain, (text) => {
        expect(cleanText(text)).toBe(text.trim());
        expect(cleanText(`${text}é`)).toBe(`${text}é`.trim());
      }),
    );
  });
});

describe('isHopelesslyLong', () => {
  test('is never said of a text that is short enough once it is cleaned', () => {
    const composed = fc.constantFrom('\u1100\u1161\u11A8', '\u03B1\u0313\u0300\u0345', '\u0001', ' ', '\u202E', 'a');
    const shrinking = fc.array(composed, { maxLength: 40 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(fc.oneof(nasty, shrinking), (raw) => {
        expect(isHopelesslyLong(raw, Array.from(cleanText(raw)).length)).toBe(false);
      }),
      RUNS,
    );
  });

  test.each([
    ['marks on one letter', `a${'\u0345\u035D'.repeat(16_000)}`],
    ['letters', 'é'.repeat(32_000)],
    ['markup', '<b'.repeat(32_000)],
  ])('is said of a frame full of %s', (_what, raw) => {
    expect(isHopelesslyLong(raw, 4_000)).toBe(true);
  });
});

describe('isLongerThan counts code points', () => {
  test.each([
    ['', 0, false],
    ['abc', 3, false],
    ['abcd', 3, true],
    ['💃💃💃', 3, false],
    ['💃💃a', 2, true],
    ['💃'.repeat(4), 3, true],
    ['abcdefg', 3, true],
  ])('%j, %d', (text, max, longer) => {
    expect(isLongerThan(text, max)).toBe(longer);
  });
});
