import { frameEnds } from '../socket/frame-encoder.js';

/** Messages of one room that stand behind one another in the database, the first of them right behind `after`. */
export interface Segment {
  /** The room's newest id before them; 0 when there was none. */
  readonly after: number;
  /** The newest id among them, that of a deleted message included. */
  readonly upTo: number;
  /** Rising. Without deleted messages, which nobody is shown. */
  readonly ids: readonly number[];
  /** Their whole `new_message` frames in the same order, one behind the other, ready for the wire. */
  readonly frames: Buffer;
}

/** Messages none of which is deleted. */
export function segmentOf(after: number, ids: readonly number[], frames: Buffer): Segment {
  return { after, upTo: ids.at(-1) ?? after, ids, frames };
}

/** @returns what of `segment` is newer than `id` */
export function newerThan(id: number, segment: Segment): Segment {
  const { ids, frames } = segment;
  if ((ids[0] ?? Infinity) > id) return segment;
  const skipped = ids.filter((each) => each <= id).length;
  const start = frameEnds(frames)?.[skipped - 1];
  return { ...segment, ids: ids.slice(skipped), frames: frames.subarray(start) };
}

/** How many messages `segments` have for members. */
export function countOf(segments: readonly Segment[]): number {
  let count = 0;
  for (const { ids } of segments) count += ids.length;
  return count;
}

/** The frames of `segments`, in pieces that follow one another. */
export function framesOf(segments: readonly Segment[]): Buffer[] {
  return segments.map(({ frames }) => frames);
}
