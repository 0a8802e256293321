/**
 * Preloaded into every server alike (`--import`), and silent until asked over the IPC channel: says how much memory the
 * process uses once its garbage is gone, how late its event loop was between two messages, and takes a CPU profile of
 * just the time between two.
 */
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import process from 'node:process';

const SAMPLING_MICROSECONDS = 200;
/** Between two looks at the event loop. */
const DELAY_RESOLUTION_MS = 10;

/** @type {Session | undefined} */
let profiling;
/** @type {import('node:perf_hooks').IntervalHistogram | undefined} */
let delay;

/** @type {Record<string, (message: any) => Promise<object>>} */
const ANSWERS = {
  async memory() {
    for (let i = 0; i < 3; i++) globalThis.gc?.();
    const { rss, heapUsed, external } = process.memoryUsage();
    return { rss, heap: heapUsed, external };
  },
  async beginDelay() {
    delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });
    delay.enable();
    return {};
  },
  async endDelay() {
    delay?.disable();
    return { p99: lateness(delay?.percentile(99)), max: lateness(delay?.max) };
  },
  async beginProfile() {
    profiling = new Session();
    profiling.connect();
    await profiling.post('Profiler.enable');
    await profiling.post('Profiler.setSamplingInterval', { interval: SAMPLING_MICROSECONDS });
    await profiling.post('Profiler.start');
    return {};
  },
  async endProfile({ file }) {
    const result = await profiling?.post('Profiler.stop');
    profiling?.disconnect();
    writeFileSync(file, JSON.stringify(result?.profile));
    return {};
  },
};

/** Node records the whole time between two looks. @param {number} [nanoseconds] @returns {number} milliseconds */
function lateness(nanoseconds = 0) {
  return Math.max(0, nanoseconds / 1e6 - DELAY_RESOLUTION_MS);
}

process.on('message', async (/** @type {any} */ message) => {
  const answer = ANSWERS[message?.probe];
  if (answer) process.send?.(await answer(message));
});
// The server decides when it ends, not this channel.
process.channel?.unref();
