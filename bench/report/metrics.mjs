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

/** @param {number} bytes */
const mebibytes = (bytes) => `${Math.round(bytes / 1_048_576)} MiB`;

/** @param {number} value */
const milliseconds = (value) => `${value.toFixed(value < 10 ? 2 : 0)} ms`;

/** @param {Result[]} results */
const loopDelay = (results) =>
  `loop delay p99 ${milliseconds(medianOf(results, (result) => result.loopDelay.p99))}, ` +
  `max ${milliseconds(Math.max(...results.map((result) => result.loopDelay.max)))}`;

/** @param {Result[]} results */
const databaseShare = (results) =>
  results.some(({ databaseCpu }) => databaseCpu === undefined)
    ? []
    : [
        `database ${Math.round(medianOf(results, ({ databaseCpu, messages }) => (databaseCpu / messages) * 1e6))} µs a message`,
      ];

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
      note: (results) => [loopDelay(results), ...databaseShare(results)].join('; '),
    },
  ],
  trickle: [
    {
      title: 'time to the acknowledgement',
      moreIsBetter: false,
      valueOf: ({ ackMs }) => ackMs,
      format: milliseconds,
      note: (results) =>
        `${medianOf(results, ({ ackMs, insertMs }) => ackMs / insertMs).toFixed(2)} × a bare INSERT ` +
        `(${medianOf(results, ({ insertMs }) => insertMs).toFixed(2)} ms); ` +
        `server ${Math.round(medianOf(results, ({ serverCpu, messages }) => (serverCpu / messages) * 1e6))} µs of CPU a message`,
    },
  ],
  stuck: [
    {
      title: 'send to new_message at healthy members, p99',
      moreIsBetter: false,
      valueOf: ({ besetMs }) => besetMs,
      format: milliseconds,
      note: (results) =>
        `${medianOf(results, ({ besetMs, aloneMs }) => besetMs / aloneMs).toFixed(2)} × without ` +
        `(${milliseconds(medianOf(results, ({ aloneMs }) => aloneMs))}); ${loopDelay(results)}`,
    },
    {
      title: 'memory at most (RSS)',
      moreIsBetter: false,
      valueOf: ({ rss }) => rss.most,
      format: mebibytes,
      note: (results) =>
        `before ${mebibytes(medianOf(results, ({ rss }) => rss.before))}, ` +
        `after ${mebibytes(medianOf(results, ({ after }) => after.rss))}`,
    },
    {
      title: 'stuck readers cut off',
      moreIsBetter: true,
      valueOf: ({ cut }) => cut,
      format: String,
      note: (results) => `the last within ${milliseconds(Math.max(...results.map(({ cutMs }) => cutMs)))}`,
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
      note: loopDelay,
    },
  ],
};
