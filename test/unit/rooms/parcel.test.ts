import { describe, expect, test } from '@jest/globals';
import { Parcel, unpacked } from '../../../src/rooms/parcel.js';

describe('Parcel', () => {
  test('another node finds the letters that were put in', () => {
    const parcel = new Parcel();
    parcel.add(7, 'messages', [[1, [2]]], [Buffer.from('ab'), Buffer.from('c')]);
    parcel.add(8, 'messages', {}, []);
    parcel.add(7, 'other', 'x', [Buffer.from('d')]);
    expect(parcel.bytes).toBe(4);
    const letters: unknown = JSON.parse(JSON.stringify(parcel.letters));
    expect(unpacked(letters, Buffer.concat(parcel.body))).toEqual([
      { roomId: 7, kind: 'messages', data: [[1, [2]]], body: Buffer.from('abc') },
      { roomId: 8, kind: 'messages', data: {}, body: Buffer.from('') },
      { roomId: 7, kind: 'other', data: 'x', body: Buffer.from('d') },
    ]);
  });

  test.each([
    ['no list', {}],
    ['nothing', undefined],
    ['a letter that is none', [1]],
    ['a room without a number', [['7', 'messages', {}, 3]]],
    ['no kind', [[7, null, {}, 3]]],
    ['no length', [[7, 'messages', {}]]],
    ['a negative length', [[7, 'messages', {}, -3]]],
    ['too short', [[7, 'messages', {}, 2]]],
    ['too long', [[7, 'messages', {}, 4]]],
  ])('%s is no parcel', (_what, letters) => {
    expect(unpacked(letters, Buffer.from('abc'))).toBeUndefined();
  });
});
