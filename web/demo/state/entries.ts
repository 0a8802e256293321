import type { MessageView } from '../../../src/client/index.js';

export interface Visitor {
  readonly userId: number;
  readonly username: string;
}

export interface Visit extends Visitor {
  readonly kind: 'joined' | 'left';
}

interface MessageEntry {
  /** Its place in the room: messages have their id, what happened after one of them a little more. */
  readonly order: number;
  readonly message: MessageView;
}

interface VisitsEntry {
  readonly order: number;
  /** Who came and went between two messages, in order. */
  readonly visits: readonly Visit[];
}

/** What a room shows, oldest first: messages, and between them who came and went. */
export type Entry = MessageEntry | VisitsEntry;

/** The entries with these messages among them, each once, wherever they belong. */
export function withMessages(entries: readonly Entry[], messages: readonly MessageView[]): readonly Entry[] {
  const last = entries.at(-1)?.order ?? -1;
  const isNewer = messages.every(({ id }) => id > last);
  const known = new Set(isNewer ? [] : entries.map(({ order }) => order));
  const added = messages.filter(({ id }) => !known.has(id)).map((message) => ({ order: message.id, message }));
  if (added.length === 0) return entries;
  const all = [...entries, ...added];
  return isNewer ? all : all.sort((a, b) => a.order - b.order);
}

export function withVisit(entries: readonly Entry[], visit: Visit): readonly Entry[] {
  const last = entries.at(-1);
  if (last === undefined || 'message' in last)
    return [...entries, { order: (last?.order ?? 0) + 0.5, visits: [visit] }];
  return [...entries.slice(0, -1), { ...last, visits: [...last.visits, visit] }];
}

/** At most `most` entries: those at the other end go. */
export function capped(entries: readonly Entry[], most: number, keep: 'newest' | 'oldest'): readonly Entry[] {
  if (entries.length <= most) return entries;
  return keep === 'newest' ? entries.slice(-most) : entries.slice(0, most);
}

export function messagesOf(entries: readonly Entry[]): MessageView[] {
  return entries.flatMap((entry) => ('message' in entry ? [entry.message] : []));
}
