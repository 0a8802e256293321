import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { RoomOccupancy, type OccupancyListener } from '../../../src/presence/room-occupancy.js';

const ANA = { id: 1, username: 'ana', name: 'Ana' };
const BEN = { id: 2, username: 'ben', name: 'Ben' };

describe('who is in a room', () => {
  let gone: string[];
  /** What other nodes would be told. */
  let told: string[];
  let room: RoomOccupancy;
  const listener: OccupancyListener = {
    arrivedHere: ({ username }) => told.push(`+${username}`),
    leftHere: ({ username }, departure) => told.push(`-${username}${departure === 'dropped' ? ' dropped' : ''}`),
    gone: ({ username }) => gone.push(username),
  };

  beforeEach(() => {
    jest.useFakeTimers();
    gone = [];
    told = [];
    room = new RoomOccupancy(1_000, listener);
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
    const strict = new RoomOccupancy(0, listener);
    strict.enter(ANA);
    strict.leave(ANA.id, 'dropped');
    expect(gone).toEqual(['ana']);
  });

  test('a leave without an entrance changes nothing', () => {
    room.leave(ANA.id, 'left');
    expect([room.userCount, gone]).toEqual([0, []]);
  });

  describe('over several nodes', () => {
    test('ROOM-5: a user on two nodes is one member, and gone with the last', () => {
      expect(room.enterElsewhere('b', ANA)).toBe(true);
      expect(room.enter(ANA)).toBe(false);
      expect([room.userCount, room.countHere]).toEqual([1, 1]);
      room.leaveElsewhere('b', ANA.id);
      expect(gone).toEqual([]);
      room.leave(ANA.id, 'left');
      expect([gone, told]).toEqual([['ana'], ['+ana', '-ana']]);
    });

    test('ROOM-7: who comes back on another node was never away', () => {
      room.enter(ANA);
      room.leave(ANA.id, 'dropped');
      expect(room.enterElsewhere('b', ANA)).toBe(false);
      expect(told).toEqual(['+ana', '-ana']);
      jest.advanceTimersByTime(5_000);
      expect([room.userCount, room.countHere, gone]).toEqual([1, 0, []]);
    });

    test('a drop here needs no grace where another node still has the user', () => {
      room.enterElsewhere('b', ANA);
      room.enter(ANA);
      room.leave(ANA.id, 'dropped');
      expect([told, gone]).toEqual([['+ana', '-ana dropped'], []]);
    });

    test('ROOM-7: who drops from several nodes at once has the grace', () => {
      room.enterElsewhere('b', ANA);
      room.enter(ANA);
      room.leave(ANA.id, 'dropped');
      room.leaveElsewhere('b', ANA.id, 'dropped');
      jest.advanceTimersByTime(999);
      expect([room.userCount, gone]).toEqual([1, []]);
      expect(room.enterElsewhere('c', ANA)).toBe(false);
      jest.advanceTimersByTime(5_000);
      room.leaveElsewhere('c', ANA.id, 'dropped');
      jest.advanceTimersByTime(1_000);
      expect([room.userCount, gone]).toEqual([0, ['ana']]);
    });

    test('who leaves for good where they were last is gone at once, wherever they dropped before', () => {
      room.enterElsewhere('b', ANA);
      room.enter(ANA);
      room.leaveElsewhere('b', ANA.id, 'dropped');
      room.leave(ANA.id, 'left');
      expect(gone).toEqual(['ana']);
      room.enterElsewhere('b', BEN);
      room.leaveElsewhere('b', BEN.id, 'dropped');
      room.expel(BEN.id);
      jest.advanceTimersByTime(5_000);
      expect(gone).toEqual(['ana', 'ben']);
    });

    test('what another node repeats changes nothing', () => {
      room.enterElsewhere('b', ANA);
      expect(room.enterElsewhere('b', ANA)).toBe(false);
      room.leaveElsewhere('b', ANA.id);
      room.leaveElsewhere('b', ANA.id);
      room.leaveElsewhere('c', BEN.id);
      expect([room.userCount, gone]).toEqual([0, ['ana']]);
    });

    test("an expulsion is this node's only", () => {
      room.enter(ANA);
      room.enterElsewhere('b', ANA);
      room.enterElsewhere('b', BEN);
      room.expel(ANA.id);
      room.expel(BEN.id);
      expect([room.userCount, room.countHere, told]).toEqual([2, 0, ['+ana', '-ana']]);
    });
  });
});
