import type { NodeView, Overview, SampleView } from '../../../src/admin/overview.js';

/** A quiet node's sample. */
export function sample(at: number, seen: Partial<SampleView> = {}): SampleView {
  return {
    at,
    connections: 0,
    authenticated: 0,
    rooms: 0,
    messagesPerSecond: 0,
    deliveriesPerSecond: 0,
    ackCounts: [0, 0, 0],
    ackP50Ms: null,
    ackP99Ms: null,
    loopLagMs: 0,
    heapBytes: 0,
    messagesRefused: 0,
    slowClientsCut: 0,
    rateLimited: 0,
    gapsFilled: 0,
    isDatabaseUp: true,
    isRedisUp: true,
    isDraining: false,
    ...seen,
  };
}

export function node(id: string, samples: readonly SampleView[], about: Partial<NodeView> = {}): NodeView {
  const heardAt = samples.at(-1)?.at ?? 0;
  return { id, version: '1', startedAt: 0, heardAt, state: 'alive', heapLimitBytes: 1_000, samples, ...about };
}

export function overview(now: number, nodes: readonly NodeView[], about: Partial<Overview> = {}): Overview {
  const whole = { nodeId: 'a', isClustered: true, isWhole: true, ackBoundsMs: [10, 100], totalRooms: 0, rooms: [] };
  return { now, nodes, ...whole, ...about };
}
