import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RoomTimeline } from '../../../src/chat/room-timeline.js';
import { segmentOf, type Segment } from '../../../src/chat/segment.js';
import { encodeTextFrames } from '../../../src/socket/frame-encoder.js';

function segment(after: number, ...ids: number[]): Segment {
  return segmentOf(after, ids, encodeTextFrames(ids.map(textOf)));
}

/** Of another length for each. */
function textOf(id: number): string {
  return `message ${'x'.repeat(id % 7)} ${id}`;
}

/** The ids of all that is given, whose frames must be theirs. */
function idsOf(segments: readonly Segment[]): number[] {
  for (const { ids, frames } of segments) expect(frames).toEqual(encodeTextFrames(ids.map(textOf)));
  return segments.flatMap(({ ids }) => ids);
}

describe('the order of a room on one node', () => {
  test('what follows is given at once', () => {
    const timeline = new RoomTimeline(10);
    expect(idsOf(timeline.accept(segment(10, 11, 13)))).toEqual([11, 13]);
    expect(idsOf(timeline.accept(segment(13, 20)))).toEqual([20]);
    expect(timeline.waiting).toEqual([]);
  });

  test('what comes twice is given once, and what was there before the room was opened never', () => {
    const timeline = new RoomTimeline(12);
    expect(idsOf(timeline.accept(segment(9, 10, 12, 14)))).toEqual([14]);
    expect(timeline.accept(segment(9, 10, 12, 14))).toEqual([]);
  });

  test('what comes too early waits', () => {
    const timeline = new RoomTimeline(0);
    expect(timeline.accept(segment(5, 6))).toEqual([]);
    expect(timeline.waiting).toEqual([segment(5, 6)]);
    expect(idsOf(timeline.accept(segment(0, 4, 5)))).toEqual([4, 5, 6]);
    expect(timeline.waiting).toEqual([]);
  });

  test('what is lost comes from the database', () => {
    const timeline = new RoomTimeline(0);
    timeline.accept(segment(3, 8));
    expect(idsOf(timeline.accept(segment(0, 2, 3)))).toEqual([2, 3, 8]);
    expect(timeline.cursor).toBe(8);
  });

  test('the database may know more than the hints', () => {
    const timeline = new RoomTimeline(0);
    timeline.accept(segment(2, 3));
    expect(idsOf(timeline.accept(segment(0, 1, 2, 3, 4)))).toEqual([1, 2, 3, 4]);
    expect(timeline.accept(segment(3, 4))).toEqual([]);
  });

  test('a deleted message at the end counts as given', () => {
    const timeline = new RoomTimeline(0);
    timeline.accept(segment(7, 8));
    const part = { ...segment(0, 2, 3), upTo: 7 };
    expect(idsOf(timeline.accept(part))).toEqual([2, 3, 8]);
    expect(timeline.accept(part)).toEqual([]);
  });

  test('a hint of which the database knows nothing is forgotten, and holds nothing up', () => {
    const timeline = new RoomTimeline(0);
    timeline.accept(segment(9_000_000, 9_000_001));
    const waiting = new Set(timeline.waiting);
    timeline.accept(segment(5, 6));
    timeline.accept(segment(0));
    timeline.forget(waiting);
    expect(timeline.waiting).toEqual([segment(5, 6)]);
    expect(idsOf(timeline.accept(segment(0, 5)))).toEqual([5, 6]);
  });

  test('lost, doubled and reordered in any way: everything once and in order (P4, P5)', () => {
    const history = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(history, fc.infiniteStream(fc.nat(99)), (sizes, chances) => {
        const chance = () => chances.next().value as number;
        let head = 0;
        const segments = sizes.map((size) => {
          const ids = Array.from({ length: size }, () => (head += 1 + (chance() % 3)));
          return segment((ids[0] ?? 0) - 1, ...ids);
        });
        segments.forEach((each, i) => {
          segments[i] = { ...each, after: segments[i - 1]?.upTo ?? 0 };
        });
        const all = segments.flatMap(({ ids }) => ids);
        const page = (cursor: number) => segment(cursor, ...all.filter((id) => id > cursor));
        const arriving = segments
          .flatMap((each) => Array<Segment>(chance() % 3).fill(each))
          .map((each) => ({ each, at: chance() }))
          .sort((a, b) => a.at - b.at);

        const timeline = new RoomTimeline(0);
        const given: number[] = [];
        for (const { each } of arriving) {
          given.push(...idsOf(timeline.accept(each)));
          if (timeline.waiting.length > 0 && chance() < 20) {
            given.push(...idsOf(timeline.accept(page(timeline.cursor))));
          }
        }
        given.push(...idsOf(timeline.accept(page(timeline.cursor))));
        expect(given).toEqual(all);
      }),
    );
  });
});
