import { describe, expect, test } from '@jest/globals';
import { causeOf, LineLimiter } from '../../../src/logging/line-limiter.js';

describe('one line a second for each cause', () => {
  test('the first at once, the next a second later, with how many were left out', () => {
    const limiter = new LineLimiter();
    expect(limiter.admit('a', 0)).toBe(0);
    expect([1, 500, 999].map((now) => limiter.admit('a', now))).toEqual([undefined, undefined, undefined]);
    expect(limiter.admit('a', 1_000)).toBe(3);
    expect(limiter.admit('a', 2_000)).toBe(0);
  });

  test('causes do not count against one another', () => {
    const limiter = new LineLimiter();
    expect(limiter.admit('a', 0)).toBe(0);
    expect(limiter.admit('b', 0)).toBe(0);
  });

  test('whoever makes up causes gets no further than a few hundred lines', () => {
    const limiter = new LineLimiter();
    const lines = Array.from({ length: 100_000 }, (_, i) => limiter.admit(`cause ${i}`, 0));
    expect(lines.filter((line) => line !== undefined)).toHaveLength(201);
    expect(limiter.admit('others', 2_000)).toBe(99_799);
  });
});

test.each([
  ['numbers', 'Refused 3 messages: away', 'Refused 17 messages: away'],
  ['quoted names', 'no such column "a"', 'no such column "b"'],
  ['an open quote', 'unexpected token in "abc', 'unexpected token in "xyz'],
])('lines that differ in %s have one cause', (_what, one, other) => {
  expect(causeOf('warn', 'Writer', one)).toBe(causeOf('warn', 'Writer', other));
  expect(causeOf('warn', 'Writer', one)).not.toBe(causeOf('error', 'Writer', other));
  expect(causeOf('warn', 'Writer', one)).not.toBe(causeOf('warn', 'Feed', one));
});
