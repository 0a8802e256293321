import { describe, expect, test } from '@jest/globals';
import { check } from '../../verify/checker/check.mjs';
import { Random } from '../../verify/random.mjs';
import { perfectHistory } from './support/perfect-history.js';
import { SEEDED_BUGS } from './support/seeded-bugs.js';
import { SEEDED_RESUME_BUGS } from './support/seeded-resume-bugs.js';

const SEEDS = ['1', '2', '3', '4', '5'];

function promisesBroken(history: Parameters<typeof check>[0]): string[] {
  return [...new Set(check(history).map(({ promise }) => promise))];
}

describe('The history checker', () => {
  test.each(SEEDS)('has no objection to a history without a fault (seed %s)', (seed) => {
    expect(check(perfectHistory(seed))).toEqual([]);
  });

  describe.each(SEEDS)('finds, in the history of seed %s,', (seed) => {
    test.each([...SEEDED_BUGS, ...SEEDED_RESUME_BUGS])(
      'that $name: $breaks',
      ({ name, breaks, also = [], seed: putInto }) => {
        const history = perfectHistory(seed);
        putInto(history, new Random(`${seed} ${name}`));

        const broken = promisesBroken(history);

        expect(broken).toContain(breaks);
        expect([breaks, ...also]).toEqual(expect.arrayContaining(broken));
      },
    );
  });

  test('gives each violation a sentence and its evidence', () => {
    const history = perfectHistory('evidence');
    const [first] = history.rows;
    history.rows.shift();

    const [violation] = check(history);

    expect(violation?.promise).toBe('P1');
    expect(violation?.text).toContain(first!.slug);
    expect(violation?.evidence).not.toHaveLength(0);
  });
});
