import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { MilongaOptions } from '../../../src/config/options.js';
import { HeartbeatScheduler } from '../../../src/presence/heartbeat.scheduler.js';
import type { Connection } from '../../../src/socket/connection.js';
import { LivenessClock } from '../../../src/socket/liveness-clock.js';
import { Traffic } from '../../../src/socket/traffic.js';

const INTERVAL_MS = 3_000;
const CONNECTIONS = 300;

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

test('BEAT-1: heartbeats are spread over the interval, each as one write', () => {
  const options = { heartbeat: { intervalMs: INTERVAL_MS, timeoutMs: 10 * INTERVAL_MS } } as MilongaOptions;
  const scheduler = new HeartbeatScheduler(options, new LivenessClock(), new Traffic());
  const writes = Array.from({ length: CONNECTIONS }, () => [] as number[]);
  scheduler.onModuleInit();
  for (const own of writes) {
    const sendEncoded = () => own.push(performance.now());
    scheduler.watch({ silence: 0, sendEncoded } as unknown as Connection);
  }
  jest.advanceTimersByTime(INTERVAL_MS);
  scheduler.onModuleDestroy();

  expect(writes.map(({ length }) => length)).toEqual(writes.map(() => 1));
  const moments = [...new Set(writes.flat())];
  const together = moments.map((moment) => writes.flat().filter((at) => at === moment).length);
  expect(together).toEqual(Array<number>(30).fill(CONNECTIONS / 30));
});
