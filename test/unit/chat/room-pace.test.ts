import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { CROWD_PACE_MS, LONE_PACE_MS, PACE_MS, RoomPace, SMALL_ROOM } from '../../../src/chat/room-pace.js';

describe('RoomPace', () => {
  let members: { size: number };
  let pace: RoomPace;

  const toldAfter = (ms: number, count: number) => {
    jest.advanceTimersByTime(ms);
    pace.told(count);
    return pace.ms;
  };

  beforeEach(() => {
    jest.useFakeTimers();
    members = { size: SMALL_ROOM };
    pace = new RoomPace(members);
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  test('a room that was never told anything is told at once', () => {
    expect(pace.ms).toBe(0);
  });

  test('many after a silence: the next wait as usual', () => {
    expect(toldAfter(0, 50)).toBe(PACE_MS);
  });

  test('120 a second and more wait longer, fewer do not', () => {
    pace.told(2);
    expect(toldAfter(PACE_MS, 6)).toBe(CROWD_PACE_MS);
    expect(toldAfter(CROWD_PACE_MS, 12)).toBe(CROWD_PACE_MS);
    expect(toldAfter(CROWD_PACE_MS, 11)).toBe(PACE_MS);
    expect(toldAfter(PACE_MS, 5)).toBe(PACE_MS);
  });

  test('a message that comes alone is followed soon in a small room', () => {
    expect(toldAfter(0, 1)).toBe(LONE_PACE_MS);
    expect(toldAfter(LONE_PACE_MS, 1)).toBe(LONE_PACE_MS);
    members.size = SMALL_ROOM + 1;
    expect(toldAfter(PACE_MS, 1)).toBe(PACE_MS);
  });
});
