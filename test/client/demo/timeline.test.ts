import { describe, expect, test } from '@jest/globals';
import { withMessages, withVisit, type Entry } from '../../../web/demo/state/entries.js';
import { timeline, type Row } from '../../../web/demo/timeline/timeline.js';

const NOON = new Date(2026, 10, 27, 12).getTime();
const MINUTE = 60_000;
const ME = { id: '1', username: 'ana' };

function message(id: number, userId: number, at: number, text = `text ${id}`) {
  return {
    id,
    slug: `slug-${id}`,
    chatRoomSlug: 'room',
    userSlug: String(userId),
    username: `user ${userId}`,
    messageType: 'TEXT',
    message: text,
    createdAt: new Date(at).toISOString(),
  };
}

function rowsOf(entries: readonly Entry[], more: Partial<Parameters<typeof timeline>[0]> = {}): Row[] {
  return timeline({ entries, outbox: [], me: ME, firstUnreadId: undefined, ...more });
}

const kinds = (rows: readonly Row[]): string[] => rows.map(({ kind }) => kind);
const firsts = (rows: readonly Row[]): boolean[] =>
  rows.flatMap((row) => (row.kind === 'message' ? [row.isFirst] : []));

describe('the lines of a room', () => {
  test('one author within five minutes is one group; another author, a later time or a visit begins a new one', () => {
    const minutes = [0, 4, 8, 14, 15].map((minute) => NOON + minute * MINUTE);
    const authors = [2, 2, 2, 2, 3];
    const entries = withMessages(
      [],
      minutes.map((at, index) => message(index + 1, authors[index] ?? 0, at)),
    );
    expect(firsts(rowsOf(entries))).toEqual([true, false, false, true, true]);
    const visited = withVisit(entries, { kind: 'joined', userId: 9, username: 'eva' });
    expect(firsts(rowsOf(withMessages(visited, [message(6, 3, NOON + 15 * MINUTE)])))).toEqual([
      true,
      false,
      false,
      true,
      true,
      true,
    ]);
  });

  test('each day begins with its name, also between messages of one author', () => {
    const midnight = new Date(2026, 10, 28).getTime();
    const rows = rowsOf(withMessages([], [message(1, 2, midnight - MINUTE), message(2, 2, midnight + MINUTE)]));
    expect(kinds(rows)).toEqual(['day', 'message', 'day', 'message']);
    expect(rows.flatMap((row) => (row.kind === 'day' ? [row.day] : []))).toEqual(['2026-11-27', '2026-11-28']);
  });

  test('the line of the new messages stands above the first of them', () => {
    const entries = withMessages([], [message(1, 2, NOON), message(2, 2, NOON)]);
    expect(kinds(rowsOf(entries, { firstUnreadId: 2 }))).toEqual(['day', 'message', 'unread', 'message']);
    expect(kinds(rowsOf(entries, { firstUnreadId: 1 }))).toEqual(['day', 'unread', 'message', 'message']);
  });

  test('a message keeps its key from the outbox into the room', () => {
    const outgoing = { messageId: 'slug-5', text: 'hola', status: 'sending', createdAt: NOON } as const;
    const waiting = rowsOf([], { outbox: [outgoing] }).at(-1);
    const stored = rowsOf(withMessages([], [message(5, 1, NOON, 'hola')])).at(-1);
    expect(waiting).toMatchObject({ isMine: true, mark: 'sending', text: 'hola' });
    expect(stored).toMatchObject({ isMine: true, mark: 'sent', text: 'hola', key: waiting?.key });
  });

  test('what the server wrote for a `<` is read as one', () => {
    const [, row] = rowsOf(withMessages([], [message(1, 2, NOON, '&lt;b> 1 < 2 &amp;lt;')]));
    expect(row).toMatchObject({ text: '<b> 1 < 2 &amp;lt;' });
  });
});

describe('the entries of a room', () => {
  test('pages and live messages in any order: each once, in the order of their ids', () => {
    const all = [1, 2, 3, 4, 5, 6].map((id) => message(id, 2, NOON));
    const live = withMessages([], all.slice(3, 4));
    const page = withMessages(live, all.slice(1, 5));
    const older = withMessages(page, all.slice(0, 2));
    const newer = withMessages(older, all.slice(4));
    expect(newer.map(({ order }) => order)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(withMessages(newer, all)).toBe(newer);
  });

  test('who came after a message stays behind it when older ones come', () => {
    const visited = withVisit(withMessages([], [message(5, 2, NOON)]), { kind: 'left', userId: 9, username: 'eva' });
    const all = withMessages(visited, [message(4, 2, NOON), message(6, 2, NOON)]);
    expect(all.map(({ order }) => order)).toEqual([4, 5, 5.5, 6]);
  });
});
