import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Timeline } from '../../../src/client/timeline.js';
import type { MessageView } from '../../../src/protocol/index.js';

const message = (id: number): MessageView => ({
  id,
  slug: `message-${id}`,
  chatRoomSlug: 'room',
  userSlug: '1',
  username: 'ana',
  messageType: 'TEXT',
  message: `text ${id}`,
  createdAt: '2026-11-27T00:00:00.000Z',
});
const ids = (messages: Iterable<MessageView>) => Array.from(messages, ({ id }) => id);

describe('A timeline', () => {
  test('begins with the join, and shows nothing of before', () => {
    const timeline = new Timeline();
    expect(timeline.lastId).toBeUndefined();
    timeline.joined(7, false);
    expect(timeline.lastId).toBe(7);
    expect([7, 8, 8, 9].map((id) => timeline.live(message(id)))).toEqual([false, true, false, true]);
  });

  test('of an empty room is at 0, which is where it is rejoined', () => {
    const timeline = new Timeline();
    timeline.joined(0, false);
    expect(timeline.lastId).toBe(0);
  });

  test('without a word of the server on cursors begins with the first message', () => {
    const timeline = new Timeline();
    timeline.joined();
    expect(timeline.lastId).toBeUndefined();
    expect(timeline.live(message(5))).toBe(true);
    expect(timeline.lastId).toBe(5);
  });

  test('holds live messages back until the missed ones are paged', () => {
    const timeline = new Timeline(2);
    timeline.joined(6, false);
    expect(timeline.live(message(7))).toBe(false);
    expect(ids(timeline.page([3, 4].map(message), true))).toEqual([3, 4]);
    expect(timeline.live(message(8))).toBe(false);
    expect(ids(timeline.page([5, 6].map(message), true))).toEqual([5, 6, 7, 8]);
    expect(timeline.isPaging).toBe(false);
    expect(timeline.live(message(9))).toBe(true);
  });

  test("beyond the room's newest message begins there: the history is another", () => {
    const timeline = new Timeline(100);
    timeline.joined(6, false);
    expect(timeline.isPaging).toBe(false);
    expect([6, 7].map((id) => timeline.live(message(id)))).toEqual([false, true]);
  });

  test('moves its cursor with each message shown, not before', () => {
    const timeline = new Timeline(0);
    timeline.joined(3, false);
    const cursors = Array.from(timeline.page([1, 2, 3].map(message), false), () => timeline.lastId);
    expect(cursors).toEqual([1, 2, 3]);
  });

  test('a paging that was broken off is begun anew where it stood', () => {
    const timeline = new Timeline(0);
    timeline.joined(4, false);
    expect(ids(timeline.page([1, 2].map(message), true))).toEqual([1, 2]);
    timeline.live(message(5));
    timeline.joined(5, true);
    expect([3, 4, 5].map((id) => timeline.live(message(id)))).toEqual([true, true, true]);
  });

  /** A server as the protocol has it: ids with holes where messages were deleted, stays that end anywhere. */
  test('shows each message once, in order, however stays end', () => {
    const stay = fc.record({
      replayLimit: fc.integer({ min: 0, max: 5 }),
      pageSize: fc.integer({ min: 1, max: 4 }),
      pages: fc.nat({ max: 5 }),
      live: fc.nat({ max: 4 }),
      betweenPages: fc.nat({ max: 2 }),
      missed: fc.nat({ max: 9 }),
    });
    fc.assert(
      fc.property(fc.array(stay, { minLength: 1, maxLength: 12 }), fc.nat({ max: 3 }), (stays, before) => {
        const stored: number[] = [];
        const shown: number[] = [];
        const store = () => {
          const id = (stored.at(-1) ?? 0) + 1 + (stored.length % 3);
          stored.push(id);
          return id;
        };
        for (let n = 0; n < before; n++) store();
        const first = stored.length;
        const timeline = new Timeline();
        const hear = () => {
          const id = store();
          if (timeline.live(message(id))) shown.push(id);
        };
        const missedSince = (after: number) => stored.filter((id) => id > after);
        const join = (replayLimit: number) => {
          const after = timeline.lastId;
          const missed = after === undefined ? [] : missedSince(after);
          const recovered = after !== undefined && missed.length <= replayLimit;
          timeline.joined(stored.at(-1) ?? 0, recovered);
          if (recovered) for (const id of missed) if (timeline.live(message(id))) shown.push(id);
        };
        const page = (size: number) => {
          const missed = missedSince(timeline.lastId ?? 0);
          shown.push(...ids(timeline.page(missed.slice(0, size).map(message), missed.length > size)));
        };
        for (const { replayLimit, pageSize, pages, live, betweenPages, missed } of stays) {
          join(replayLimit);
          for (let n = 0; n < pages && timeline.isPaging; n++) {
            for (let heard = 0; heard < betweenPages; heard++) hear();
            page(pageSize);
          }
          for (let n = 0; n < live; n++) hear();
          for (let n = 0; n < missed; n++) store();
        }
        join(0);
        while (timeline.isPaging) page(3);
        expect(shown).toEqual(stored.slice(first));
      }),
    );
  });
});
