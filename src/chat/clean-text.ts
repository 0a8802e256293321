/** Ordinary one-line ASCII without `<`: the hot path has nothing to do but trim. */
const NEEDS_CLEANING = /[^\t\n -;=-~]/;
const LONE_SURROGATES = /\p{Surrogate}/gu;
/** C0 and C1 controls but tab and newline (`[^\P{Cc}…]` is "Cc without …"), bidi embeddings, overrides and isolates. */
const FORBIDDEN = /[^\P{Cc}\t\n]|[\u202A-\u202E\u2066-\u2069]/gu;
/** As many marks as UAX #15 allows on one base in its Stream-Safe Text Format, where more follow. */
const CROWDED_MARKS = /[^\P{M}\u034F]{30}(?=[^\P{M}\u034F])/gu;
const COMBINING_GRAPHEME_JOINER = '\u034F';
/**
 * What the HTML standard's tokenizer takes for the start of a tag, a comment or a declaration; every other `<` is
 * text to it. One at the very end counts too: it would open a tag with whatever a page puts behind it.
 */
const MARKUP_OPENING = /<(?=[A-Za-z/!?]|$)/g;

/**
 * The text as it is stored and sent (CHAT-7). Cleaning twice changes nothing more.
 *
 * The order matters: what is removed may have stood between `<` and its tag name; NFC makes ASCII letters of other
 * signs (the Kelvin sign) and swallows a `<` (into U+226E); trimming decides what the end is. So markup comes last.
 */
export function cleanText(raw: string): string {
  if (!NEEDS_CLEANING.test(raw)) return raw.trim();
  const text = raw.replace(LONE_SURROGATES, '\uFFFD').replace(FORBIDDEN, '');
  return spaceOutMarks(spaceOutMarks(text).normalize('NFC')).trim().replace(MARKUP_OPENING, '&lt;');
}

/**
 * Puts a joiner (invisible) after every 30 marks on one base: ordering the marks costs the square of their number,
 * a second for one frame of 64 KiB. NFC can make two marks of one, which is why its result is looked at again.
 */
function spaceOutMarks(text: string): string {
  return text.replace(CROWDED_MARKS, `$&${COMBINING_GRAPHEME_JOINER}`);
}

/** What one sign of a script can be composed of at most: three Hangul letters, or a letter and three marks. */
const MOST_COMPOSED = 3;

/**
 * Whether `raw` is longer than `max` code points however it is cleaned (CHAT-6): tells in a millisecond what ordering
 * thousands of marks would take thirty for.
 */
export function isHopelesslyLong(raw: string, max: number): boolean {
  if (raw.length <= max) return false;
  const bases = codePointsOf(raw.replace(/[\p{M}\p{C}\p{Z}]+/gu, ''));
  const marks = codePointsOf(raw.replace(/\P{M}+/gu, ''));
  return bases > MOST_COMPOSED * max || marks - MOST_COMPOSED * bases > max;
}

/** Whether `text` has more than `max` code points (CHAT-6). Counts only when its length in UTF-16 does not tell. */
export function isLongerThan(text: string, max: number): boolean {
  if (text.length <= max) return false;
  if (text.length > 2 * max) return true;
  return codePointsOf(text) > max;
}

function codePointsOf(text: string): number {
  let codePoints = 0;
  for (const _ of text) codePoints++;
  return codePoints;
}
