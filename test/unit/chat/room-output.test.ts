import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { CROWD_PACE_MS, PACE_MS, paceOfMembers, paceOfNodes, RoomOutput } from '../../../src/chat/room-output.js';
import { segmentOf } from '../../../src/chat/segment.js';

describe('RoomOutput', () => {
  let told: string[][];
  let output: { add(texts: string[]): void; flush(): void };

  const make = (paceAfter: (count: number) => number) => {
    const room = new RoomOutput({ maxBytes: 1_000, paceAfter }, (segments) => {
      told.push(segments.map(({ frames }) => frames.toString()));
    });
    return {
      add: (texts: string[]) => room.add(texts.map((text, i) => segmentOf(i, [i + 1], Buffer.from(text)))),
      flush: () => room.flush(),
    };
  };

  beforeEach(() => {
    jest.useFakeTimers();
    told = [];
    output = make(paceOfMembers);
  });

  afterEach(() => {
    jest.runAllTimers();
    jest.useRealTimers();
  });

  test('what comes after a silence leaves at once', () => {
    output.add(['m1']);
    jest.advanceTimersByTime(PACE_MS);
    output.add(['m2']);
    expect(told).toEqual([['m1'], ['m2']]);
  });

  test('what comes sooner leaves together, in order, within the pace', () => {
    output.add(['m1']);
    output.add(['m2', 'm3']);
    output.add(['m4']);
    expect(told).toHaveLength(1);
    jest.advanceTimersByTime(PACE_MS);
    expect(told).toEqual([['m1'], ['m2', 'm3', 'm4']]);
  });

  test('after many at once the next wait longer; other nodes are told as before', () => {
    const many = Array.from({ length: 10 }, (_, i) => `m${i}`);
    const hints = make(paceOfNodes);
    for (const each of [output, hints]) {
      each.add(many);
      each.add(['more']);
    }
    jest.advanceTimersByTime(PACE_MS);
    expect(told).toEqual([many, many, ['more']]);
    jest.advanceTimersByTime(CROWD_PACE_MS - PACE_MS);
    expect(told).toEqual([many, many, ['more'], ['more']]);
    output.add(['few']);
    jest.advanceTimersByTime(CROWD_PACE_MS);
    output.add(['m1']);
    output.add(['m2']);
    jest.advanceTimersByTime(PACE_MS);
    expect(told.slice(4)).toEqual([['few'], ['m1'], ['m2']]);
  });

  test('nothing is told of nothing', () => {
    output.add([]);
    jest.advanceTimersByTime(PACE_MS);
    expect(told).toEqual([]);
  });

  test('who asks for it has it at once, and not again', () => {
    output.add(['m1']);
    output.add(['m2']);
    output.flush();
    output.flush();
    jest.advanceTimersByTime(PACE_MS);
    expect(told).toEqual([['m1'], ['m2']]);
  });

  test('many bytes do not wait', () => {
    output.add(['m1']);
    output.add(['x'.repeat(1_001)]);
    expect(told).toHaveLength(2);
  });
});
