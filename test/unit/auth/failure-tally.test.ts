import { expect, test } from '@jest/globals';
import { FailureTally } from '../../../src/auth/failure-tally.js';

const MOST_MS = 1_500;

test('a few failures cost nothing, further ones more and more, up to the most', () => {
  const tally = new FailureTally();
  const delays = Array.from({ length: 100 }, () => tally.add(0, MOST_MS));
  expect(delays.slice(0, 5)).toEqual([0, 0, 0, 0, 0]);
  expect(delays.slice(5, 8)).toEqual([25, 50, 75]);
  expect(Math.max(...delays)).toBe(MOST_MS);
  expect(delays).toEqual([...delays].sort((a, b) => a - b));
});

test('failures are forgotten with time', () => {
  const tally = new FailureTally();
  for (let i = 0; i < 30; i += 1) tally.add(0, MOST_MS);
  expect(tally.isForgotten(5_000)).toBe(false);
  expect(tally.isForgotten(10_000)).toBe(true);
  expect(tally.add(10_000, MOST_MS)).toBe(0);
});

test('with 0 as the most nothing is held back', () => {
  const tally = new FailureTally();
  expect(Array.from({ length: 100 }, () => tally.add(0, 0))).toEqual(Array(100).fill(0));
});
