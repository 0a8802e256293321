import { describe, expect, test } from '@jest/globals';
import { merged, sinceOf } from '../../../web/admin/merge.js';
import { rowsOf } from '../../../web/admin/rows.js';
import { findings } from '../../../web/admin/verdict.js';
import type { NodeView, SampleView } from '../../../src/admin/overview.js';
import { node, overview, sample } from './samples.js';

const NOW = 1_000_000_000;

describe('What the dashboard shows of all nodes together', () => {
  const rows = (...nodes: NodeView[]) => rowsOf(overview(NOW, nodes), () => true);

  test('counts and rates are added up; rooms and lag are the greatest', () => {
    const a = sample(NOW, { connections: 3, messagesPerSecond: 1.5, rooms: 4, loopLagMs: 5 });
    const b = sample(NOW, { connections: 4, messagesPerSecond: 2, rooms: 3, loopLagMs: 50 });
    expect(rows(node('a', [a]), node('b', [b])).at(-1)).toMatchObject({
      connections: 7,
      messages: 3.5,
      rooms: 4,
      lag: 50,
    });
  });

  test('percentiles are of all acknowledgements, not of percentiles', () => {
    const many = sample(NOW, { ackCounts: [990, 0, 0] });
    const slow = sample(NOW, { ackCounts: [0, 10, 0] });
    const row = rows(node('a', [many]), node('b', [slow])).at(-1);
    expect(row?.ackP50).toBeLessThan(10);
    expect(row?.ackP99).toBeCloseTo(10);
  });

  test('a slot of which a node has not told yet is not shown, and one that nobody saw is empty', () => {
    const [early, late] = [sample(NOW - 5_000, { connections: 1 }), sample(NOW, { connections: 1 })];
    const all = rows(node('a', [early, late]), node('b', [early]));
    expect(all.at(-1)).toMatchObject({ at: NOW - 5_000, connections: 2 });
    expect(all.at(-2)).toMatchObject({ connections: null, ackP99: null });
  });

  test('a node that is gone holds nothing up', () => {
    const all = rows(node('a', [sample(NOW)]), node('b', [sample(NOW - 60_000)], { state: 'lost' }));
    expect(all.at(-1)?.at).toBe(NOW);
  });
});

describe('One answer after another', () => {
  const ats = (view: NodeView | undefined) => view?.samples.map(({ at }) => at);

  test('samples are joined by node; what an answer repeats counts once', () => {
    const first = overview(NOW, [node('a', [sample(NOW - 5_000), sample(NOW)])]);
    const next = overview(NOW + 5_000, [node('a', [sample(NOW), sample(NOW + 5_000)]), node('b', [sample(NOW)])]);
    const { nodes } = merged(first, next);
    expect(ats(nodes[0])).toEqual([NOW - 5_000, NOW, NOW + 5_000]);
    expect(ats(nodes[1])).toEqual([NOW]);
  });

  test('a node without news keeps what was known', () => {
    const first = overview(NOW, [node('a', [sample(NOW)])]);
    expect(ats(merged(first, overview(NOW + 1, [node('a', [])])).nodes[0])).toEqual([NOW]);
  });

  test('the next asks for what is new, and for everything while nodes do not hear one another', () => {
    expect(sinceOf(undefined)).toBeUndefined();
    expect(sinceOf(overview(NOW, []))).toBeLessThan(NOW);
    expect(sinceOf(overview(NOW, [], { isWhole: false }))).toBeUndefined();
  });
});

describe('The verdict', () => {
  function found(seen: Partial<SampleView>, about: Partial<NodeView> = {}) {
    const view = overview(NOW, [node('a', [sample(NOW, seen)], about), node('b', [sample(NOW)])]);
    return findings(
      view,
      rowsOf(view, () => true),
    );
  }

  test('is good when nothing is wrong', () => {
    expect(found({})).toEqual([]);
    expect(found({ slowClientsCut: 1, rateLimited: 3, gapsFilled: 100 })).toEqual([]);
  });

  test.each<[Partial<SampleView>, string, RegExp]>([
    [{ isDatabaseUp: false }, 'bad', /Node a cannot reach the database/],
    [{ isRedisUp: false }, 'bad', /Node a cannot reach Redis/],
    [{ loopLagMs: 300 }, 'watch', /Node a is busy: .* 300 ms/],
    [{ heapBytes: 900 }, 'bad', /memory/],
    [{ isDraining: true }, 'watch', /draining/],
    [{ messagesRefused: 1 }, 'bad', /1 message refused/],
    [{ slowClientsCut: 12 }, 'watch', /12 slow clients cut/],
    [{ rateLimited: 40 }, 'watch', /hit 40 times/],
    [{ ackCounts: [0, 0, 5] }, 'watch', /acknowledged slowly/],
  ])('%j is told', (seen, level, text) => {
    const slow = seen.ackCounts ? { ackBoundsMs: [10, 600] } : {};
    const view = overview(NOW, [node('a', [sample(NOW, seen)]), node('b', [sample(NOW)])], slow);
    const all = findings(
      view,
      rowsOf(view, () => true),
    );
    expect(all).toHaveLength(1);
    expect(all[0]?.level).toBe(level);
    expect(all[0]?.text).toMatch(text);
  });

  test('a node that went silent is told of, one that said good-bye is not', () => {
    expect(found({}, { state: 'lost' })[0]?.text).toMatch(/Node a went silent/);
    expect(found({}, { state: 'left' })).toEqual([]);
    expect(found({}, { heardAt: NOW - 30_000 })[0]?.text).toMatch(/not reported for 30 s/);
  });

  test('the worst comes first', () => {
    expect(found({ isDraining: true, isDatabaseUp: false }).map(({ level }) => level)).toEqual(['bad', 'watch']);
  });
});
