import { describe, expect, test } from '@jest/globals';
import { percentile } from '../../../src/admin/ack-percentile.js';

describe('A percentile out of a histogram', () => {
  const bounds = [1, 2, 5, 10];

  test('is spread evenly within its bucket', () => {
    expect(percentile([0, 0, 100, 0, 0], bounds, 0.5)).toBeCloseTo(3.5);
    expect(percentile([0, 0, 100, 0, 0], bounds, 0.99)).toBeCloseTo(4.97);
    expect(percentile([100, 0, 0, 0, 0], bounds, 0.5)).toBeCloseTo(0.5);
  });

  test('finds the one slow among many', () => {
    const counts = [98, 0, 0, 2, 0];
    expect(percentile(counts, bounds, 0.5)).toBeLessThan(1);
    expect(percentile(counts, bounds, 0.99)).toBeCloseTo(7.5);
  });

  test('beyond the last bound is the last bound', () => {
    expect(percentile([1, 0, 0, 0, 99], bounds, 0.99)).toBe(10);
  });

  test('of nothing is null', () => {
    expect(percentile([0, 0, 0, 0, 0], bounds, 0.5)).toBeNull();
    expect(percentile([], bounds, 0.5)).toBeNull();
  });
});
