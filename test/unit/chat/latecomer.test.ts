import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Latecomer } from '../../../src/chat/latecomer.js';
import { segmentOf, type Segment } from '../../../src/chat/segment.js';
import { encodeTextFrames } from '../../../src/socket/frame-encoder.js';
import { piecesOf } from '../../../src/chat/room-replay.js';

const range = (from: number, to: number) => Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i + 1);
const after = (from: number, to: number) => {
  const ids = range(from, to);
  return [segmentOf(from, ids, encodeTextFrames(ids.map(String)))];
};
const idsOf = (segments: readonly Segment[]) => {
  for (const { ids, frames } of segments) expect(frames).toEqual(encodeTextFrames(ids.map(String)));
  return segments.flatMap(({ ids }) => ids);
};

describe('A latecomer', () => {
  test('RES-1: with what the database has up to lastId it is given each message once, however far the feed is behind', () => {
    const numbers = fc.nat({ max: 30 });
    fc.assert(
      fc.property(numbers, numbers, fc.array(fc.nat({ max: 5 })), numbers, (feedAt, ahead, steps, releaseAt) => {
        const latecomer = new Latecomer(feedAt + ahead);
        const given = range(0, latecomer.lastId);
        let cursor = feedAt;
        for (const [i, step] of steps.entries()) {
          if (i === releaseAt) given.push(...idsOf(latecomer.release()));
          given.push(...idsOf(latecomer.take(after(cursor, cursor + step))));
          cursor += step;
        }
        if (steps.length <= releaseAt) given.push(...idsOf(latecomer.release()));
        expect(given).toEqual(range(0, Math.max(cursor, latecomer.lastId)));
      }),
    );
  });

  test('a join that comes to nothing changes nothing about what the client is given', () => {
    const first = new Latecomer(3);
    first.release();
    const second = new Latecomer(5, first);
    expect(second.take(after(2, 6))).toEqual([]);
    expect(idsOf(second.abandon())).toEqual([4, 5, 6]);
    const only = new Latecomer(5);
    only.take(after(2, 6));
    expect(idsOf(only.abandon())).toEqual([3, 4, 5, 6]);
  });

  test('it knows how much it holds back', () => {
    const latecomer = new Latecomer(0);
    latecomer.take([segmentOf(0, [1], Buffer.from('four')), segmentOf(1, [2], Buffer.from('more'))]);
    expect(latecomer.heldBytes).toBe(8);
    latecomer.release();
    expect(latecomer.heldBytes).toBe(0);
  });
});

describe('The pieces of a replay', () => {
  test('are all of it in order, none longer than allowed but for a single text, no two of which would fit in one', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.nat({ max: 30 }), (texts, length) => {
        const pieces = piecesOf(texts, length);
        const lengthOf = (piece: readonly string[]) => piece.join('').length;
        expect(pieces.flat()).toEqual(texts);
        for (const [i, piece] of pieces.entries()) {
          if (piece.length > 1) expect(lengthOf(piece)).toBeLessThanOrEqual(length);
          const next = pieces[i + 1]?.[0];
          if (next !== undefined) expect(lengthOf(piece) + next.length).toBeGreaterThan(length);
        }
      }),
    );
  });
});
