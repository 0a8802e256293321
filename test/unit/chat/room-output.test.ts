import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { CROWD_PACE_MS, PACE_MS, RoomOutput } from '../../../src/chat/room-output.js';
import { segmentOf } from '../../../src/chat/segment.js';

describe('RoomOutput', () => {
  let told: string[][];
  let output: RoomOutput;

  const add = (...texts: string[]) => {
    output.add(texts.map((text, i) => segmentOf(i, [i + 1], Buffer.from(text))));
  };

  beforeEach(() => {
    jest.useFakeTimers();
    told = [];
    output = new RoomOutput(1_000, (segments) => {
      told.push(segments.map(({ frames }) => frames.toString()));
    });
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

  test('what comes sooner leaves together, in order, within the pace', () => {
    add('m1');
    add('m2', 'm3');
    add('m4');
    expect(told).toHaveLength(1);
    jest.advanceTimersByTime(PACE_MS);
    expect(told).toEqual([['m1'], ['m2', 'm3', 'm4']]);
  });

  test('after many at once the next wait longer', () => {
    const many = Array.from({ length: 10 }, (_, i) => `m${i}`);
    add(...many);
    add('more');
    jest.advanceTimersByTime(PACE_MS);
    expect(told).toEqual([many]);
    jest.advanceTimersByTime(CROWD_PACE_MS - PACE_MS);
    expect(told).toEqual([many, ['more']]);
    add('few');
    jest.advanceTimersByTime(CROWD_PACE_MS);
    add('m1');
    add('m2');
    jest.advanceTimersByTime(PACE_MS);
    expect(told.slice(2)).toEqual([['few'], ['m1'], ['m2']]);
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
