import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { RoomOutput, type RoomNews } from '../../../src/chat/room-output.js';
import { PACE_MS } from '../../../src/socket/flush-queue.js';

const framesOf = ({ entries: given }: RoomNews) => given.map(({ frame }) => frame?.toString());
const entries = (...ids: number[]) => ids.map((id) => ({ id, frame: Buffer.from(`m${id}`) }));

describe('RoomOutput', () => {
  let told: RoomNews[];
  let output: RoomOutput;

  beforeEach(() => {
    jest.useFakeTimers();
    told = [];
    output = new RoomOutput(1_000, (news) => told.push(news));
  });

  afterEach(() => {
    jest.runAllTimers();
    jest.useRealTimers();
  });

  test('what comes after a silence leaves at once', () => {
    output.add(entries(1));
    jest.advanceTimersByTime(PACE_MS);
    output.add(entries(2));
    expect(told.map(framesOf)).toEqual([['m1'], ['m2']]);
  });

  test('what comes sooner leaves together, in order, within the pace', () => {
    output.add(entries(1));
    output.add(entries(2, 3));
    output.add(entries(4));
    expect(told).toHaveLength(1);
    jest.advanceTimersByTime(PACE_MS);
    expect(told.map(framesOf)).toEqual([['m1'], ['m2', 'm3', 'm4']]);
  });

  test('a deleted message is told to nobody, while a segment is told to the other nodes', () => {
    const segment = { after: 0, entries: entries(1) };
    output.add([{ id: 1, frame: undefined }], segment);
    expect(told).toEqual([{ entries: [{ id: 1, frame: undefined }], segments: [segment] }]);
  });

  test('who asks for it has it at once, and not again', () => {
    output.add(entries(1));
    output.add(entries(2));
    output.flush();
    output.flush();
    jest.advanceTimersByTime(PACE_MS);
    expect(told.map(framesOf)).toEqual([['m1'], ['m2']]);
  });

  test('many bytes do not wait', () => {
    output.add(entries(1));
    output.add([{ id: 2, frame: Buffer.alloc(1_001) }]);
    expect(told).toHaveLength(2);
  });
});
