import { expect, test } from '@jest/globals';
import { Calm } from '../../../src/database/calm.js';

test('it is calm until there is trouble', () => {
  const calm = new Calm();
  calm.answered(0);
  expect(calm.remaining(0)).toBeLessThanOrEqual(0);
});

test('calm begins with the first answer after the trouble, however long ago that was', () => {
  const calm = new Calm();
  calm.troubled(1_000);
  expect(calm.isAway).toBe(true);
  expect(calm.remaining(60_000)).toBeGreaterThan(0);
  calm.answered(60_000);
  expect(calm.isAway).toBe(false);
  const rest = calm.remaining(60_000);
  expect(rest).toBeGreaterThan(0);
  calm.answered(60_000 + rest / 2);
  expect(calm.remaining(60_000 + rest)).toBeLessThanOrEqual(0);
});
