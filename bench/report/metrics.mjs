/** What is read off the results of a workload. */
import { median } from '../harness/statistics.mjs';

/** @typedef {Record<string, any>} Result what one round of one workload with one server gave */

/**
 * @typedef {object} Metric
 * @property {string} title
 * @property {boolean} moreIsBetter
 * @property {(result: Result) => number} valueOf
 * @property {(value: number) => string} format
 * @property {(results: Result[]) => string} note
 */

/** @param {Result[]} results @param {(result: Result) => number} valueOf */
const medianOf = (results, valueOf) => median(results.map(valueOf));

/** @param {number} bytes */
const kibibytes = (bytes) => `${(bytes / 1_024).toFixed(1)} KiB`;

/** @param {number} value */
const thousands = (value) => `${value < 99_500 ? (value / 1_000).toFixed(1) : Math.round(value / 1_000)}k`;

/** @type {Record<import('../workloads/catalogue.mjs').Workload['kind'], Metric[]>} */
export const METRICS = {
  throughput: [
    {
      title: 'deliveries per CPU second',
      moreIsBetter: true,
      valueOf: ({ deliveries, serverCpu }) => deliveries / serverCpu,
      format: thousands,
      note: (results) =>
        results.some(({ databaseCpu }) => databaseCpu === undefined)
          ? ''
          : `database ${Math.round(medianOf(results, ({ databaseCpu, messages }) => (databaseCpu / messages) * 1e6))} µs a message`,
    },
  ],
  trickle: [
    {
      title: 'time to the acknowledgement',
      moreIsBetter: false,
      valueOf: ({ ackMs }) => ackMs,
      format: (value) => `${value.toFixed(2)} ms`,
      note: (results) =>
        `${medianOf(results, ({ ackMs, insertMs }) => ackMs / insertMs).toFixed(2)} × a bare INSERT ` +
        `(${medianOf(results, ({ insertMs }) => insertMs).toFixed(2)} ms)`,
    },
  ],
  herd: [
    {
      title: 'memory of each (RSS)',
      moreIsBetter: false,
      valueOf: ({ before, after, connections }) => (after.rss - before.rss) / connections,
      format: kibibytes,
      note: (results) =>
        `JavaScript heap ${kibibytes(medianOf(results, ({ before, after, connections }) => (after.heap - before.heap) / connections))}`,
    },
    {
      title: 'CPU of connecting, auth and joining',
      moreIsBetter: false,
      valueOf: ({ serverCpu, connected }) => (serverCpu / connected) * 1e6,
      format: (value) => `${Math.round(value)} µs`,
      note: () => '',
    },
  ],
};
