import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { RoomOccupancy } from '../../../src/presence/room-occupancy.js';

const ANA = { id: 1, username: 'ana', name: 'Ana' };
const BEN = { id: 2, username: 'ben', name: 'Ben' };

describe('who is in a room', () => {
  let gone: string[];
  let room: RoomOccupancy;

  beforeEach(() => {
    jest.useFakeTimers();
    gone = [];
    room = new RoomOccupancy(1_000, (user) => gone.push(user.username));
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  test('ROOM-5: several connections are one member', () => {
    expect([room.enter(ANA), room.enter(ANA), room.enter(BEN)]).toEqual([true, false, true]);
    expect(room.userCount).toBe(2);
    room.leave(ANA.id, 'left');
    expect(gone).toEqual([]);
    room.leave(ANA.id, 'left');
    expect(gone).toEqual(['ana']);
    expect(room.userCount).toBe(1);
  });

  test('ROOM-7: who dropped is gone after the grace', () => {
    room.enter(ANA);
    room.leave(ANA.id, 'dropped');
    jest.advanceTimersByTime(999);
    expect([room.userCount, gone]).toEqual([1, []]);
    jest.advanceTimersByTime(1);
    expect([room.userCount, gone]).toEqual([0, ['ana']]);
  });

  test('ROOM-7: who comes back within it was never away', () => {
    room.enter(ANA);
    room.leave(ANA.id, 'dropped');
    expect(room.enter(ANA)).toBe(false);
    jest.advanceTimersByTime(5_000);
    expect(gone).toEqual([]);
    room.leave(ANA.id, 'left');
    expect(gone).toEqual(['ana']);
  });

  test('without a grace a drop is a leave', () => {
    const strict = new RoomOccupancy(0, (user) => gone.push(user.username));
    strict.enter(ANA);
    strict.leave(ANA.id, 'dropped');
    expect(gone).toEqual(['ana']);
  });

  test('a leave without an entrance changes nothing', () => {
    room.leave(ANA.id, 'left');
    expect([room.userCount, gone]).toEqual([0, []]);
  });
});
