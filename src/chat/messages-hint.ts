import { frameEnds } from '../socket/frame-encoder.js';
import { framesOf, segmentOf, type Segment } from './segment.js';

/** The head of a hint that a room has new messages: its segments. Its body are the frames of all of them. */
type MessagesHint = [after: number, ids: readonly number[]][];

/** What a node tells the others of messages that it has committed, none of which is deleted. */
export function hintOf(segments: readonly Segment[]): { data: MessagesHint; body: Buffer[] } {
  return { data: segments.map(({ after, ids }) => [after, ids]), body: framesOf(segments) };
}

/** The same as another node understands it. @returns undefined when it makes no sense */
export function segmentsOf(data: unknown, body: Buffer): Segment[] | undefined {
  const ends = frameEnds(body);
  if (!Array.isArray(data) || !ends) return undefined;
  // A slow client may keep them for long: not all that came along with them.
  const own = Buffer.from(body);
  const segments: Segment[] = [];
  let taken = 0;
  for (const segment of data as unknown[]) {
    if (!Array.isArray(segment)) return undefined;
    const [after, ids] = segment as unknown[];
    if (!isId(after) || !Array.isArray(ids)) return undefined;
    if (!ids.every((id, i) => isId(id) && id > (ids[i - 1] ?? after))) return undefined;
    const start = ends[taken - 1] ?? 0;
    taken += ids.length;
    const frames = own.subarray(start, ends[taken - 1] ?? 0);
    segments.push(segmentOf(after, ids, frames));
  }
  return taken === ends.length ? segments : undefined;
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value);
}
