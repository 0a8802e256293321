import { describe, expect, test } from '@jest/globals';
import { busiestRooms } from '../../../src/admin/busiest-rooms.js';
import { risenBetween, type Reading } from '../../../src/admin/reading.js';
import { SampleHistory } from '../../../src/admin/sample-history.js';
import { SLOT_MS, slotAt, untilNextSlot, WINDOW_MS } from '../../../src/admin/time-slots.js';
import { sample } from './samples.js';

describe('Between two readings', () => {
  const before: Reading = {
    time: 1_000,
    messages: 10,
    deliveries: 100,
    acksUpTo: [5, 8, 10],
    messagesRefused: 1,
    slowClientsCut: 1,
    rateLimited: 1,
    gapsFilled: 1,
  };

  test('rates are of the time that passed, and the rest is counted', () => {
    const after = { ...before, time: 5_000, messages: 30, deliveries: 250, slowClientsCut: 2, gapsFilled: 4 };
    expect(risenBetween(before, after)).toMatchObject({
      messagesPerSecond: 5,
      deliveriesPerSecond: 37.5,
      messagesRefused: 0,
      slowClientsCut: 1,
      rateLimited: 0,
      gapsFilled: 3,
    });
  });

  test('a cumulative histogram becomes what each bucket gained', () => {
    expect(risenBetween(before, { ...before, time: 6_000, acksUpTo: [6, 11, 20] }).ackCounts).toEqual([1, 2, 7]);
  });

  test('a reading compared with itself is all zero', () => {
    expect(risenBetween(before, before)).toMatchObject({ messagesPerSecond: 0, ackCounts: [0, 0, 0], gapsFilled: 0 });
  });
});

describe('Time slots', () => {
  test('a timer that fires a moment early or late is of the same slot', () => {
    for (const now of [99_999, 100_000, 100_001]) expect(slotAt(now)).toBe(100_000);
  });

  test('the next one is never the same again', () => {
    for (const now of [99_999, 100_000, 102_400]) expect(slotAt(now + untilNextSlot(now))).toBe(105_000);
    expect(untilNextSlot(102_600)).toBe(7_400);
  });
});

describe('The history of a node', () => {
  const times = (history: SampleHistory, since?: number) => history.since(since).map(({ at }) => at);
  const slots = (count: number, start = 0) => Array.from({ length: count }, (_, i) => sample(start + i * SLOT_MS));

  test('holds 15 minutes', () => {
    const history = new SampleHistory();
    for (const each of slots(200)) history.add([each]);
    expect(times(history)).toHaveLength(WINDOW_MS / SLOT_MS);
    expect(times(history).at(-1)).toBe(199 * SLOT_MS);
  });

  test('what is told again changes nothing, and what was missed finds its place', () => {
    const history = new SampleHistory();
    const all = slots(4);
    history.add(all.slice(0, 1));
    history.add(all.slice(3));
    history.add(all);
    expect(times(history)).toEqual(all.map(({ at }) => at));
    expect(times(history, SLOT_MS)).toEqual([2 * SLOT_MS, 3 * SLOT_MS]);
  });

  test('a clock that is set back does not end it', () => {
    const history = new SampleHistory();
    history.add(slots(3, 1_000 * SLOT_MS));
    history.add(slots(2));
    expect(times(history)).toEqual([0, SLOT_MS]);
  });
});

test('The busiest rooms are those with most users, and those with most messages', () => {
  const quiet = Array.from({ length: 30 }, (_, i) => ({ slug: `q${i}`, userCount: 100 - i, messagesPerSecond: null }));
  const loud = { slug: 'loud', userCount: 2, messagesPerSecond: 50 };
  const rooms = busiestRooms([loud, ...quiet]);
  expect(rooms).toHaveLength(11);
  expect(rooms[0]).toBe(quiet[0]);
  expect(rooms.at(-1)).toBe(loud);
});
