import { View, type Resume, type Stint } from '../../../verify/checker/view.mjs';
import type { History, HistoryEvent, Row } from '../../../verify/history/events.mjs';

export type Of<K extends HistoryEvent['kind']> = Extract<HistoryEvent, { kind: K }>;

export function of<K extends HistoryEvent['kind']>(history: History, kind: K): Of<K>[] {
  return history.events.filter((event): event is Of<K> => event.kind === kind);
}

export function remove(history: History, event: HistoryEvent): void {
  history.events.splice(indexOf(history, event), 1);
}

export function insertAfter(history: History, event: HistoryEvent, ...added: HistoryEvent[]): void {
  history.events.splice(indexOf(history, event) + 1, 0, ...added);
}

export function userOf(history: History, name: string): number {
  return history.setup.clients.find((client) => client.name === name)!.user;
}

export function sendOf(history: History, slug: string): Of<'send'> {
  return of(history, 'send').find((send) => send.slug === slug)!;
}

export function rowOf(history: History, slug: string): Row {
  return history.rows.find((row) => row.slug === slug)!;
}

export function sightingsOf(history: History, slug: string): Of<'seen'>[] {
  return of(history, 'seen').filter(({ message }) => message.slug === slug);
}

/** Answers to messages that were sent once and answered once. */
export function onlyAnswers<K extends 'ack' | 'refused'>(history: History, kind: K): Of<K>[] {
  const sends = countBySlug(of(history, 'send'));
  const answers = countBySlug([...of(history, 'ack'), ...of(history, 'refused')]);
  const isOnly = ({ slug }: { slug: string }) => sends.get(slug) === 1 && answers.get(slug) === 1;
  return of<'ack' | 'refused'>(history, kind).filter((answer): answer is Of<K> => isOnly(answer));
}

/** The last acknowledgements of messages that were acknowledged more than once. */
export function repeatedAcks(history: History): Of<'ack'>[] {
  const acks = of(history, 'ack');
  return acks.filter((ack, i) => acks.findIndex(({ slug }) => slug === ack.slug) < i);
}

/** Takes a message out of the database, and out of everything that anybody saw unless `isSeen`. */
export function unstore(history: History, slug: string, { isSeen = false } = {}): void {
  const { id, room } = rowOf(history, slug);
  history.rows.splice(history.rows.indexOf(rowOf(history, slug)), 1);
  moveCursors(history, id, history.rows.findLast((row) => row.room === room && row.id < id)?.id ?? 0);
  if (isSeen) return;
  for (const seen of sightingsOf(history, slug)) remove(history, seen);
  for (const page of of(history, 'page')) page.messages = page.messages.filter((message) => message.slug !== slug);
}

/** Stores a message a second time; everybody who sees it sees both. */
export function storeTwice(history: History, slug: string): void {
  const row = rowOf(history, slug);
  const id = row.id + 0.5;
  history.rows.splice(history.rows.indexOf(row) + 1, 0, { ...row, id });
  moveCursors(history, row.id, id);
  for (const seen of sightingsOf(history, slug)) {
    insertAfter(history, seen, { ...seen, message: { ...seen.message, id } });
  }
  for (const { messages } of of(history, 'page')) {
    const place = messages.findIndex((message) => message.slug === slug);
    if (place >= 0) messages.splice(place + 1, 0, { ...messages[place]!, id });
  }
}

/** Stores a message as the newest of its room, and shows it to everybody who is there at the end. */
export function storeLate(history: History, { client, room, slug }: Of<'refused'>): void {
  const last = history.rows.at(-1)!;
  const message = { id: last.id + 1, slug, user: userOf(history, client), text: sendOf(history, slug).text };
  history.rows.push({ ...message, room, createdAt: last.createdAt });
  const end = of(history, 'end')[0]!;
  const seen = openStints(history)
    .filter((stint) => stint.room === room)
    .map((stint) => ({ kind: 'seen' as const, at: end.at, ...placeOf(stint), message }));
  history.events.splice(indexOf(history, end), 0, ...seen);
}

/** Where a message was the newest that somebody knew, another one is. */
function moveCursors(history: History, from: number, to: number): void {
  for (const join of of(history, 'join')) if (join.after === from) join.after = to;
  for (const joined of of(history, 'joined')) if (joined.lastId === from) joined.lastId = to;
}

export function resumes(history: History): Resume[] {
  return [...new View(history).resumes.values()];
}

/** What a resume brought of what was missed; `live` is what came afterwards. */
export interface Replay {
  readonly resume: Resume;
  readonly replayed: Resume['live'];
  readonly live: Resume['live'];
}

export function replays(history: History): Replay[] {
  return resumes(history)
    .filter(({ recovered }) => recovered)
    .map((resume) => ({
      resume,
      replayed: resume.live.filter(({ message }) => message.id <= resume.lastId),
      live: resume.live.filter(({ message }) => message.id > resume.lastId),
    }));
}

export function stints(history: History): Stint[] {
  return new View(history).stints;
}

export function openStints(history: History): Stint[] {
  return stints(history).filter(({ begin, leaving }) => begin < Infinity && leaving === Infinity);
}

export function placeOf({ client, session, room }: Stint): { client: string; session: number; room: string } {
  return { client: client.name, session, room };
}

/** Notices of one user that follow one another in one stay, the first and the last of them included. */
export function noticesByUser(stint: Stint): Stint['notices'][] {
  const users = new Set(stint.notices.map(({ user }) => user));
  return [...users].map((user) => stint.notices.filter((notice) => notice.user === user));
}

export function faultOn(history: History, target: string): { begin: number; end: Of<'fault'> } {
  const [begin, end] = of(history, 'fault').filter((fault) => fault.target === target);
  return { begin: begin!.at, end: end! };
}

function countBySlug(events: readonly { slug: string }[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { slug } of events) counts.set(slug, (counts.get(slug) ?? 0) + 1);
  return counts;
}

function indexOf(history: History, event: HistoryEvent): number {
  const index = history.events.indexOf(event);
  if (index < 0) throw new Error('The history has no such event');
  return index;
}
