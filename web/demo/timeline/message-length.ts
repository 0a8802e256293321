/** In code points, after the server has made markup harmless (CHAT-6, CHAT-7). */
const MAX_LENGTH = 4_000;
const MARKUP_OPENING = /<(?=[A-Za-z/!?]|$)/g;

/** How many characters may still be typed; negative: the server would refuse the message. */
export function charactersLeft(text: string): number {
  const stored = text.trim().normalize('NFC').replace(MARKUP_OPENING, '&lt;');
  // Counting costs more than most texts are worth.
  return MAX_LENGTH - (stored.length < MAX_LENGTH / 2 ? stored.length : Array.from(stored).length);
}
