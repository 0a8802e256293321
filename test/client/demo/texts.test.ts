import { describe, expect, test } from '@jest/globals';
import { slugOf } from '../../../web/demo/state/room-slug.js';
import { readToken } from '../../../web/demo/session/token.js';
import { dayLabel, dayOf } from '../../../web/demo/timeline/day.js';
import { charactersLeft } from '../../../web/demo/timeline/message-length.js';
import { typingText } from '../../../web/demo/timeline/typing-text.js';
import { visitsText } from '../../../web/demo/timeline/visits-text.js';
import { claimsFor, signToken, unsignedToken } from '../../support/tokens.js';

describe('who came and went, in one line', () => {
  const visit = (kind: 'joined' | 'left', userId: number) => ({ kind, userId, username: `user${userId}` });

  test.each([
    [[1], 'user1 joined'],
    [[1, 2], 'user1 and user2 joined'],
    [[1, 2, 3], 'user1, user2 and user3 joined'],
    [[1, 2, 3, 4, 5], 'user1, user2 and 3 others joined'],
  ])('%j', (ids, text) => {
    expect(visitsText(ids.map((id) => visit('joined', id)))).toBe(text);
  });

  test('each person once, by how it began and how it ended', () => {
    const visits = [visit('left', 1), visit('joined', 2), visit('left', 2), visit('joined', 1), visit('left', 3)];
    expect(visitsText(visits)).toBe('user3 left · user1 came back · user2 looked in');
  });
});

describe('who types, in one line', () => {
  test.each([
    [[], ''],
    [['ana'], 'ana is typing …'],
    [['ana', 'bruno'], 'ana and bruno are typing …'],
    [['ana', 'bruno', 'carla', 'dario'], 'ana, bruno and 2 others are typing …'],
  ])('%j', (usernames, text) => {
    expect(typingText(usernames)).toBe(text);
  });
});

describe('how much may still be typed', () => {
  test.each([
    ['', 4_000],
    ['x'.repeat(4_001), -1],
    // Code points, not UTF-16 units …
    ['💃'.repeat(4_000), 0],
    // … after what the server does: trimmed, composed, and with markup made harmless.
    [` ${'x'.repeat(4_000)}\n`, 0],
    ['e\u0301'.repeat(4_000), 0],
    [`<b>${'x'.repeat(3_997)}`, -3],
  ])('%#', (text, left) => {
    expect(charactersLeft(text)).toBe(left);
  });
});

describe('what was typed, as a room', () => {
  test.each([
    ['tango-tips', 'tango-tips'],
    ['Milongas en París!', 'milongas-en-paris'],
    ['  __odd--', 'odd'],
    ['танго', ''],
    ['x'.repeat(70), 'x'.repeat(64)],
  ])('%s', (typed, slug) => {
    expect(slugOf(typed)).toBe(slug);
  });
});

describe('days', () => {
  test('today, yesterday, and before', () => {
    const now = new Date(2026, 2, 30, 1).getTime();
    expect(dayLabel(dayOf(now), now)).toBe('Today');
    // A night in which many clocks are put forward.
    expect(dayLabel('2026-03-29', now)).toBe('Yesterday');
    expect(dayLabel('2026-03-28', now)).toMatch(/28/);
    expect(dayLabel('2025-03-28', now)).toMatch(/2025/);
  });
});

describe('what a token says of itself', () => {
  test('its subject and its end, in ms; nothing of what is no token', async () => {
    expect(readToken(await signToken(claimsFor(7, { exp: 1_800_000_000 })))).toEqual({
      subject: '7',
      expiresAt: 1_800_000_000_000,
    });
    expect(readToken(unsignedToken({ userId: 8 }))).toEqual({ subject: '8', expiresAt: undefined });
    for (const nonsense of ['', 'a', 'a.b.c', 'a.bnVsbA.c']) expect(readToken(nonsense)).toBeUndefined();
  });
});
