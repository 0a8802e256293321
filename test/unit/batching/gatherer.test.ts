import { describe, expect, test } from '@jest/globals';
import { Gatherer } from '../../../src/batching/gatherer.js';

describe('Gatherer', () => {
  test('calls of one turn, and those during a run, share a run each', async () => {
    const runs: number[][] = [];
    const gatherer = new Gatherer<number, number>((inputs) => {
      runs.push([...inputs]);
      return Promise.resolve(inputs.map((input) => input * 10));
    });
    const first = Promise.all([gatherer.load(1), gatherer.load(2)]);
    await expect(first).resolves.toEqual([10, 20]);
    await expect(Promise.all([gatherer.load(3), gatherer.load(4)])).resolves.toEqual([30, 40]);
    expect(runs).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  test('a batch has an end', async () => {
    const sizes: number[] = [];
    const gatherer = new Gatherer<number, number>((inputs) => {
      sizes.push(inputs.length);
      return Promise.resolve(inputs);
    }, 2);
    await Promise.all([1, 2, 3, 4, 5].map((input) => gatherer.load(input)));
    expect(sizes).toEqual([2, 2, 1]);
  });

  test('a run that fails fails its calls, and no other', async () => {
    let runs = 0;
    const gatherer = new Gatherer<number, number>((inputs) => {
      runs += 1;
      return runs === 1 ? Promise.reject(new Error('away')) : Promise.resolve(inputs);
    });
    await expect(gatherer.load(1)).rejects.toThrow('away');
    await expect(gatherer.load(2)).resolves.toBe(2);
  });
});
