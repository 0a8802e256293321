import { describe, expect, test } from '@jest/globals';
import { TokenBucket, type Admission } from '../../../src/socket/token-bucket.js';

const LIMITS = { ratePerSecond: 20, burst: 60 };

function takeMany(bucket: TokenBucket, count: number, now: number, cost = 1): Admission[] {
  return Array.from({ length: count }, () => bucket.take(cost, now));
}

describe('LIMIT-1: the token bucket', () => {
  test('admits a burst, then as many as the rate regains', () => {
    const bucket = new TokenBucket(LIMITS, 0);
    expect(takeMany(bucket, 61, 0)).toEqual([...Array<Admission>(60).fill('admitted'), 'limited']);
    expect(takeMany(bucket, 11, 500)).toEqual([...Array<Admission>(10).fill('admitted'), 'limited']);
  });

  test('takes fractions of a token', () => {
    const bucket = new TokenBucket(LIMITS, 0);
    expect(takeMany(bucket, 240, 0, 0.25)).toEqual(Array(240).fill('admitted'));
    expect(bucket.take(0.25, 0)).toBe('limited');
  });

  test('calls a hundred frames over the limit flooding', () => {
    const bucket = new TokenBucket(LIMITS, 0);
    expect(takeMany(bucket, 160, 0).at(-1)).toBe('limited');
    expect(bucket.take(1, 0)).toBe('flooding');
  });

  test('a slow offender floods too, but a pause that refills the bucket forgives', () => {
    const slow = new TokenBucket(LIMITS, 0);
    let now = 0;
    let last: Admission = 'admitted';
    for (let i = 0; i < 2_000 && last !== 'flooding'; i += 1) last = slow.take(1, (now += 40));
    expect(last).toBe('flooding');

    const hasty = new TokenBucket(LIMITS, 0);
    takeMany(hasty, 150, 0);
    expect(hasty.isFull(2_999)).toBe(false);
    expect(hasty.isFull(3_000)).toBe(true);
    expect(takeMany(hasty, 150, 3_000).at(-1)).toBe('limited');
  });
});
