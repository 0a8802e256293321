import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { Typists } from '../../../src/client/typists.js';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

function typists() {
  const seen: string[][] = [];
  const all = new Typists(() => seen.push(all.list.map(({ username }) => username)));
  const hear = (userId: number, isTyping: boolean) =>
    all.heard({ userId, username: `user ${userId}`, roomSlug: 'room', isTyping });
  return { all, seen, hear };
}

test('who begins and ends is listed in between, in the order in which they began', () => {
  const { seen, hear } = typists();
  hear(1, true);
  hear(2, true);
  hear(1, false);
  expect(seen).toEqual([['user 1'], ['user 1', 'user 2'], ['user 2']]);
});

test('who is heard of no more is forgotten', () => {
  const { seen, hear } = typists();
  hear(1, true);
  jest.advanceTimersByTime(8_000);
  expect(seen).toEqual([['user 1'], []]);
});

test('cleared, nobody is left and nothing follows', () => {
  const { all, seen, hear } = typists();
  hear(1, true);
  all.clear();
  expect(all.list).toEqual([]);
  jest.advanceTimersByTime(60_000);
  expect(seen).toHaveLength(1);
});

test('the server is told of the first keystroke, every 3 s of going on, and of the end, once', () => {
  const { all } = typists();
  expect(all.isNews(false)).toBe(false);
  expect([all.isNews(true), all.isNews(true)]).toEqual([true, false]);
  jest.advanceTimersByTime(3_000);
  expect([all.isNews(true), all.isNews(true)]).toEqual([true, false]);
  expect([all.isNews(false), all.isNews(false)]).toEqual([true, false]);
  expect(all.isNews(true)).toBe(true);
});
