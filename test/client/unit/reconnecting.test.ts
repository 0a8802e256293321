import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { backOff } from '../../../src/client/back-off.js';
import { planAfter, type ConnectionEnd } from '../../../src/client/close-policy.js';
import { CLOSE_CODE } from '../../../src/protocol/close-codes.js';

const end = (code: number, more: Partial<ConnectionEnd> = {}) =>
  planAfter({ code, attempt: 0, slot: undefined, refusedBefore: false, random: () => 0.5, ...more });

describe('Back-off', () => {
  test('is anything up to 0.5 s at first, up to twice that each time, up to 30 s', () => {
    const longest = Array.from({ length: 9 }, (_, attempt) => backOff(attempt, () => 1));
    expect(longest).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    fc.assert(
      fc.property(fc.nat({ max: 10_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, chance) => {
        const delay = backOff(attempt, () => chance);
        return delay >= 0 && delay <= 30_000;
      }),
    );
  });
});

describe('After a close', () => {
  test.each([
    [CLOSE_CODE.tooManyConnections, 'evicted'],
    [CLOSE_CODE.unauthorized, 'unauthorized'],
  ])('%i stops, for a token the second time', (code, reason) => {
    expect(end(code, { refusedBefore: true })).toEqual({ reason });
  });

  test('4401 is worth one try with another token', () => {
    expect(end(CLOSE_CODE.unauthorized)).toEqual({ reason: 'unauthorized', delay: 250 });
  });

  test('4429 waits long, however short the connection was', () => {
    expect(end(CLOSE_CODE.flooding, { random: () => 0 })).toEqual({ reason: 'flooding', delay: 30_000 });
  });

  test('1012 comes at its slot, and spread over two seconds without one or when it is over', () => {
    expect(end(CLOSE_CODE.serviceRestart, { slot: 12_345 })).toEqual({ reason: 'restarting', delay: 12_345 });
    for (const slot of [undefined, -1]) {
      expect(end(CLOSE_CODE.serviceRestart, { slot })).toEqual({ reason: 'restarting', delay: 1_000 });
    }
  });

  test.each([
    [CLOSE_CODE.tryAgainLater, 'overloaded', 1_000],
    [CLOSE_CODE.authTimeout, 'network', 250],
    [1000, 'network', 250],
    [1006, 'network', 250],
    [1009, 'network', 250],
  ])('%i backs off', (code, reason, delay) => {
    expect(end(code)).toEqual({ reason, delay });
  });
});
