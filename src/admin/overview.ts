import type { NodeSample } from './node-sample.js';

/** `GET /admin/overview`: what the dashboard shows, of all nodes that the one which answers knows of. */
export interface Overview {
  /** On the clock of the node that answers; milliseconds since the epoch, as all times here. */
  readonly now: number;
  /** The node that answers. */
  readonly nodeId: string;
  readonly isClustered: boolean;
  /** False while Redis is away: of other nodes this one knows only what it heard before (P9). */
  readonly isWhole: boolean;
  /** Upper bounds of `ackCounts`, milliseconds; the last count has none. */
  readonly ackBoundsMs: readonly number[];
  readonly nodes: readonly NodeView[];
  readonly totalRooms: number;
  /** The busiest, by users and by messages. */
  readonly rooms: readonly RoomView[];
}

/**
 * `alive`: it beats. `unheard`: Redis is away, nobody can tell. `left`: it said good-bye. `lost`: it went silent.
 */
export type NodeState = 'alive' | 'unheard' | 'left' | 'lost';

export interface NodeView {
  readonly id: string;
  readonly version: string;
  readonly startedAt: number;
  /** When it last reported. */
  readonly heardAt: number;
  readonly state: NodeState;
  readonly heapLimitBytes: number;
  /** Oldest first, one in 5 s, of 15 minutes at most. */
  readonly samples: readonly SampleView[];
}

export interface SampleView extends NodeSample {
  /** Milliseconds; null when nothing was acknowledged. */
  readonly ackP50Ms: number | null;
  readonly ackP99Ms: number | null;
}

export interface RoomView {
  readonly slug: string;
  /** Distinct users, on all nodes. */
  readonly userCount: number;
  /** Messages that members saw; null when nobody of the node that answers is in the room. */
  readonly messagesPerSecond: number | null;
}
