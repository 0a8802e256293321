import { describe, expect, test } from '@jest/globals';
import { FAULT_KINDS, faultKind } from '../../verify/plan/fault-kinds.mjs';
import { planFaults, type PlannedFault } from '../../verify/plan/fault-plan.mjs';
import { Random } from '../../verify/random.mjs';

const SEEDS = Array.from({ length: 50 }, (_, i) => String(i));
const OPTIONS = { milliseconds: 300_000, nodes: 3, hasRedis: true, isMixed: false };

function plan(seed: string, options = {}): PlannedFault[] {
  return planFaults(new Random(seed), { ...OPTIONS, ...options });
}

describe('The plan of faults', () => {
  test('is the same for the same seed, and another for another', () => {
    expect(plan('1')).toEqual(plan('1'));
    expect(plan('1')).not.toEqual(plan('2'));
  });

  test.each(SEEDS)('never lets two faults of one kind of target overlap (seed %s)', (seed) => {
    const ends = new Map<string, number>();
    for (const { at, name, duration } of plan(seed)) {
      const { target } = faultKind(name);
      expect(at).toBeGreaterThanOrEqual(ends.get(target) ?? 0);
      ends.set(target, at + duration);
    }
  });

  test.each(SEEDS)('has every kind, in the order of time, and ends in time (seed %s)', (seed) => {
    const faults = plan(seed);
    const times = faults.map(({ at }) => at);

    expect(new Set(faults.map(({ name }) => name))).toEqual(new Set(Object.keys(FAULT_KINDS)));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(Math.max(...faults.map(({ at, duration }) => at + duration))).toBeLessThanOrEqual(OPTIONS.milliseconds);
  });

  test('lets several nodes be down at once only when it is mixed', () => {
    const overlaps = (isMixed: boolean) =>
      SEEDS.some((seed) => {
        const down = plan(seed, { isMixed, only: ['node-kill'] });
        return down.some((fault, i) => down.slice(i + 1).some(({ at }) => at < fault.at + fault.duration));
      });

    expect(overlaps(false)).toBe(false);
    expect(overlaps(true)).toBe(true);
  });

  test('has nothing of Redis where there is none, and only what is asked for', () => {
    const targets = plan('1', { hasRedis: false }).map(({ name }) => faultKind(name).target);

    expect(targets).not.toContain('redis');
    expect(new Set(plan('1', { only: ['link-cut'] }).map(({ name }) => name))).toEqual(new Set(['link-cut']));
    expect(() => plan('1', { only: ['meteor'] })).toThrow('There is no fault "meteor"');
  });
});
