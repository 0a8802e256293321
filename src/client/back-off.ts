const SHORTEST_MS = 500;
const LONGEST_MS = 30_000;

/**
 * Full jitter: any moment from now up to a limit that doubles with each attempt, from 0.5 to 30 s.
 *
 * @param attempt 0 for the first
 * @param random like `Math.random`
 * @returns milliseconds
 */
export function backOff(attempt: number, random: () => number): number {
  return random() * Math.min(LONGEST_MS, SHORTEST_MS * 2 ** attempt);
}
