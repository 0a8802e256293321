/** The generator's process: does one task after another that the bench asks for, over the IPC channel. */
import process from 'node:process';
import { herd } from '../workloads/herd.mjs';
import { stuck } from '../workloads/stuck.mjs';
import { throughput } from '../workloads/throughput.mjs';
import { trickle } from '../workloads/trickle.mjs';

/** @type {Record<string, (task: any, context: Context) => Promise<object>>} */
const TASKS = { throughput, trickle, stuck, herd };

/**
 * @typedef {object} Context
 * @property {(moment: string) => Promise<void>} reach tells the bench that a moment has come, and waits for its nod
 */

/** @type {(() => void) | undefined} */
let nod;

/** @param {string} moment @returns {Promise<void>} */
function reach(moment) {
  return new Promise((resolve) => {
    nod = resolve;
    process.send?.({ moment });
  });
}

process.on('message', async (/** @type {any} */ message) => {
  if (message.nod) return nod?.();
  try {
    process.send?.({ result: await TASKS[message.kind](message, { reach }) });
  } catch (error) {
    process.send?.({ failure: error instanceof Error ? error.message : String(error) });
  }
});
process.on('disconnect', () => process.exit());
