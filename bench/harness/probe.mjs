/**
 * Preloaded into every server alike (`--import`), and silent until asked over the IPC channel: says how much memory the
 * process uses once its garbage is gone, and takes a CPU profile of just the time between two messages.
 */
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import process from 'node:process';

const SAMPLING_MICROSECONDS = 200;

/** @type {Session | undefined} */
let profiling;

/** @type {Record<string, (message: any) => Promise<object>>} */
const ANSWERS = {
  async memory() {
    for (let i = 0; i < 3; i++) globalThis.gc?.();
    const { rss, heapUsed, external } = process.memoryUsage();
    return { rss, heap: heapUsed, external };
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

process.on('message', async (/** @type {any} */ message) => {
  const answer = ANSWERS[message?.probe];
  if (answer) process.send?.(await answer(message));
});
// The server decides when it ends, not this channel.
process.channel?.unref();
