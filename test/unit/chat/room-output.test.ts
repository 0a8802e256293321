import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { CROWD_PACE_MS, LONE_PACE_MS, PACE_MS, RoomOutput, SMALL_ROOM } from '../../../src/chat/room-output.js';
import { segmentOf, type Segment } from '../../../src/chat/segment.js';

describe('RoomOutput', () => {
  let told: string[][];
  let members: { size: number };
  let output: RoomOutput;

  const add = (...texts: string[]) => {
    output.add(texts.map((text, i) => segmentOf(i, [i + 1], Buffer.from(text))));
  };

  beforeEach(() => {
    jest.useFakeTimers();
    told = [];
    members = { size: SMALL_ROOM };
    const tell = (segments: readonly Segment[]) => told.push(segments.map(({ frames }) => frames.toString()));
    output = new RoomOutput(members, 1_000, tell);
  });

  afterEach(() => {
    jest.runAllTimers();
    jest.useRealTimers();
  });

  test('what comes after a silence leaves at once', () => {
    members.size = SMALL_ROOM + 1;
    add('m1');
    jest.advanceTimersByTime(PACE_MS);
    add('m2');
    expect(told).toEqual([['m1'], ['m2']]);
  });

  test('in a small room so does one message after the other', () => {
    add('m1');
    jest.advanceTimersByTime(LONE_PACE_MS);
    add('m2');
    jest.advanceTimersByTime(LONE_PACE_MS);
    add('m3');
    expect(told).toEqual([['m1'], ['m2'], ['m3']]);
  });

  test('what comes sooner leaves together, in order, and the next at a pace', () => {
    add('m1');
    add('m2', 'm3');
    add('m4');
    expect(told).toHaveLength(1);
    jest.advanceTimersByTime(LONE_PACE_MS);
    expect(told).toEqual([['m1'], ['m2', 'm3', 'm4']]);
    add('m5');
    jest.advanceTimersByTime(LONE_PACE_MS);
    add('m6');
    expect(told).toHaveLength(2);
    jest.advanceTimersByTime(PACE_MS - LONE_PACE_MS);
    expect(told.slice(2)).toEqual([['m5', 'm6']]);
  });

  test('after many at once the next wait longer', () => {
    const many = Array.from({ length: 10 }, (_, i) => `m${i}`);
    add(...many);
    add('more');
    jest.advanceTimersByTime(PACE_MS);
    expect(told).toEqual([many]);
    jest.advanceTimersByTime(CROWD_PACE_MS - PACE_MS);
    expect(told).toEqual([many, ['more']]);
    add('alone');
    expect(told.slice(2)).toEqual([]);
    jest.advanceTimersByTime(LONE_PACE_MS);
    expect(told.slice(2)).toEqual([['alone']]);
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
