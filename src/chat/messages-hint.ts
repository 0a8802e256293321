import { IsArray } from 'class-validator';
import { asShape } from '../validation/shape.js';
import type { Segment } from './room-timeline.js';

/** The head of a hint that a room has new messages: its segments. Its body are the texts of all their entries, a line each. */
class MessagesHint {
  @IsArray()
  segments!: [after: number, ids: number[]][];
}

/** What a node tells the others of messages that it has committed. */
export function hintOf(segments: readonly Segment[]): { data: MessagesHint; body: string } {
  const data = {
    segments: segments.map(({ after, entries }): [number, number[]] => [after, entries.map(({ id }) => id)]),
  };
  const body = segments.flatMap(({ entries }) => entries.map(({ text }) => text)).join('\n');
  return { data, body };
}

/** The same as another node understands it. @returns undefined when it makes no sense */
export function segmentsOf(data: unknown, body: string): Segment[] | undefined {
  const hint = asShape(MessagesHint, data) as MessagesHint | undefined;
  if (!hint) return undefined;
  const texts = body.split('\n');
  const segments: Segment[] = [];
  let next = 0;
  for (const segment of hint.segments as unknown[]) {
    if (!Array.isArray(segment)) return undefined;
    const [after, ids] = segment as unknown[];
    if (!Number.isSafeInteger(after) || !Array.isArray(ids) || !ids.every(Number.isSafeInteger)) return undefined;
    segments.push({ after: after as number, entries: (ids as number[]).map((id) => ({ id, text: texts[next++] })) });
  }
  return next === texts.length ? segments : undefined;
}
