import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { RoomOutput } from '../../../src/chat/room-output.js';
import { segmentOf, type Segment } from '../../../src/chat/segment.js';

const PACE_MS = 50;

describe('RoomOutput', () => {
  let told: string[][];
  let pace: { ms: number };
  let output: RoomOutput;

  const add = (...texts: string[]) => {
    output.add(texts.map((text, i) => segmentOf(i, [i + 1], Buffer.from(text))));
  };

  beforeEach(() => {
    jest.useFakeTimers();
    told = [];
    pace = { ms: PACE_MS };
    const tell = (segments: readonly Segment[]) => told.push(segments.map(({ frames }) => frames.toString()));
    output = new RoomOutput(pace, 1_000, tell);
  });

  afterEach(() => {
    jest.runAllTimers();
    jest.useRealTimers();
  });

  test('what comes after a silence leaves at once', () => {
    add('m1');
    jest.advanceTimersByTime(PACE_MS);
    add('m2');
    expect(told).toEqual([['m1'], ['m2']]);
  });

  test('what comes sooner leaves together, in order, at the pace', () => {
    add('m1');
    add('m2', 'm3');
    add('m4');
    expect(told).toHaveLength(1);
    jest.advanceTimersByTime(PACE_MS - 1);
    expect(told).toHaveLength(1);
    jest.advanceTimersByTime(1);
    expect(told).toEqual([['m1'], ['m2', 'm3', 'm4']]);
  });

  test('the pace may change at any time', () => {
    add('m1');
    add('m2');
    pace.ms = 2 * PACE_MS;
    jest.advanceTimersByTime(PACE_MS);
    expect(told).toEqual([['m1'], ['m2']]);
    add('m3');
    jest.advanceTimersByTime(PACE_MS);
    expect(told).toHaveLength(2);
    jest.advanceTimersByTime(PACE_MS);
    expect(told).toEqual([['m1'], ['m2'], ['m3']]);
  });

  test('nothing is told of nothing', () => {
    add();
    jest.advanceTimersByTime(PACE_MS);
    expect(told).toEqual([]);
  });

  test('who asks for it has it at once, and not again', () => {
    add('m1');
    add('m2');
    output.flush();
    output.flush();
    jest.advanceTimersByTime(PACE_MS);
    expect(told).toEqual([['m1'], ['m2']]);
  });

  test('many bytes do not wait', () => {
    add('m1');
    add('x'.repeat(1_001));
    expect(told).toHaveLength(2);
  });
});
