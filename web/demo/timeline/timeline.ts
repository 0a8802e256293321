import type { MessageView, OutgoingMessage } from '../../../src/client/index.js';
import type { Entry } from '../state/entries.js';
import { dayOf } from './day.js';
import { readable } from './readable.js';
import { visitsText } from './visits-text.js';

export type Mark = 'none' | 'sent' | OutgoingMessage['status'];

/** A message as a line of the page. */
export interface MessageRow {
  readonly kind: 'message';
  readonly key: string;
  readonly messageId: string;
  readonly username: string;
  readonly text: string;
  /** ms since the epoch */
  readonly at: number;
  readonly isMine: boolean;
  /** The first of its author's in a while: it bears the name. */
  readonly isFirst: boolean;
  readonly mark: Mark;
  /** Why it was refused, as the server's code names it. */
  readonly errorCode: string | undefined;
}

export type Row =
  | MessageRow
  | { readonly kind: 'day'; readonly key: string; readonly day: string }
  | { readonly kind: 'unread'; readonly key: string }
  | { readonly kind: 'visits'; readonly key: string; readonly text: string };

/** Messages of one author within this time of one another are one group, in ms. */
const GROUP_MS = 5 * 60_000;

type UngroupedRow = Omit<MessageRow, 'isFirst' | 'kind'>;

export interface Me {
  readonly id: string;
  readonly username: string;
}

export interface TimelineSource {
  readonly entries: readonly Entry[];
  readonly outbox: readonly OutgoingMessage[];
  readonly me: Me;
  /** The line "New messages" stands above this id. */
  readonly firstUnreadId: number | undefined;
}

/** The lines of a room: its messages by day and author, who came and went, the line of the new ones, what waits to be sent. */
export function timeline({ entries, outbox, me, firstUnreadId }: TimelineSource): Row[] {
  const rows: Row[] = [];
  let day = '';
  const add = (row: UngroupedRow, isFirstUnread = false): void => {
    if (dayOf(row.at) !== day) {
      day = dayOf(row.at);
      rows.push({ kind: 'day', key: `day ${day}`, day });
    }
    if (isFirstUnread) rows.push({ kind: 'unread', key: 'unread' });
    rows.push({ ...row, kind: 'message', isFirst: !continues(rows.at(-1), row) });
  };
  for (const entry of entries) {
    if ('visits' in entry) {
      rows.push({ kind: 'visits', key: `visits ${entry.order}`, text: visitsText(entry.visits) });
      continue;
    }
    add(stored(entry.message, me.id), entry.order === firstUnreadId);
  }
  for (const outgoing of outbox) add(waiting(outgoing, me));
  return rows;
}

function continues(previous: Row | undefined, { username, isMine, at }: UngroupedRow): boolean {
  if (previous?.kind !== 'message') return false;
  return previous.username === username && previous.isMine === isMine && at - previous.at < GROUP_MS;
}

function stored(message: MessageView, myId: string): UngroupedRow {
  const isMine = message.userSlug === myId;
  return {
    key: keyOf(message.userSlug, message.slug),
    messageId: message.slug,
    username: message.username,
    text: readable(message.message),
    at: Date.parse(message.createdAt),
    isMine,
    mark: isMine ? 'sent' : 'none',
    errorCode: undefined,
  };
}

function waiting({ messageId, text, createdAt, status, error }: OutgoingMessage, me: Me): UngroupedRow {
  return {
    key: keyOf(me.id, messageId),
    messageId,
    username: me.username,
    text,
    at: createdAt,
    isMine: true,
    mark: status,
    errorCode: error?.code,
  };
}

/** The same before and after it is stored, so that the line stays where it is. */
function keyOf(userSlug: string, messageId: string): string {
  return `${userSlug} ${messageId}`;
}
