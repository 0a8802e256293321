import { IsArray } from 'class-validator';
import { framesIn } from '../socket/frame-encoder.js';
import { asShape } from '../validation/shape.js';
import type { Segment } from './room-timeline.js';

/** The head of a hint that a room has new messages: its segments. Its body are the frames of all their entries. */
class MessagesHint {
  @IsArray()
  segments!: [after: number, ids: number[]][];
}

/** What a node tells the others of messages that it has committed, none of which is deleted. */
export function hintOf(segments: readonly Segment[]): { data: MessagesHint; body: Buffer } {
  const data = {
    segments: segments.map(({ after, entries }): [number, number[]] => [after, entries.map(({ id }) => id)]),
  };
  const frames = segments.flatMap(({ entries }) => entries.map(({ frame }) => frame as Buffer));
  return { data, body: Buffer.concat(frames) };
}

/** The same as another node understands it. @returns undefined when it makes no sense */
export function segmentsOf(data: unknown, body: Buffer): Segment[] | undefined {
  const hint = asShape(MessagesHint, data) as MessagesHint | undefined;
  const frames = framesIn(body);
  if (!hint || !frames) return undefined;
  const segments: Segment[] = [];
  let next = 0;
  for (const segment of hint.segments as unknown[]) {
    if (!Array.isArray(segment)) return undefined;
    const [after, ids] = segment as unknown[];
    if (!Number.isSafeInteger(after) || !Array.isArray(ids) || !ids.every(Number.isSafeInteger)) return undefined;
    segments.push({ after: after as number, entries: (ids as number[]).map((id) => ({ id, frame: frames[next++] })) });
  }
  return next === frames.length ? segments : undefined;
}
