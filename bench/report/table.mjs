import { median } from '../harness/statistics.mjs';
import { METRICS } from './metrics.mjs';

/** @typedef {import('../workloads/catalogue.mjs').Workload} Workload */
/** @typedef {import('../subjects.mjs').Subject} Subject */
/** @typedef {import('./metrics.mjs').Result} Result */
/** @typedef {(workload: Workload, subject: Subject) => Result[]} ResultsOf the rounds that went well */

const HEADER = ['', 'median', 'spread', 'Milonga is', 'CPU s', 'database CPU s', 'generator CPU', ''];
const NONE = '–';
/** Of one node's deliveries per CPU second. */
const AIM_OF_NODES = 0.7;

/**
 * One Markdown table: for each workload and metric a row a server, compared with the first of `subjects`.
 *
 * @param {Workload[]} workloads @param {Subject[]} subjects @param {ResultsOf} resultsOf
 * @returns {string}
 */
export function renderTable(workloads, subjects, resultsOf) {
  const rows = workloads.flatMap((workload) => {
    const runners = subjects.filter(({ runs }) => runs.includes(workload.name));
    if (runners.length === 0) return [];
    return METRICS[workload.kind].flatMap((metric) => [
      [`**${workload.title}: ${metric.title}**`, ...HEADER.slice(1).fill('')],
      ...runners.map((subject) => [
        subject.name,
        ...cells(metric, subject, resultsOf(workload, subject), resultsOf(workload, subjects[0])),
      ]),
    ]);
  });
  return markdown([HEADER, ...rows]);
}

/**
 * @param {import('./metrics.mjs').Metric} metric @param {Subject} subject
 * @param {Result[]} results @param {Result[]} ours of the first subject, on one node
 * @returns {string[]}
 */
function cells(metric, subject, results, ours) {
  if (results.length === 0) return ['not measured', NONE, NONE, NONE, NONE, NONE, ''];
  const { valueOf, format, moreIsBetter, note } = metric;
  const values = results.map(valueOf);
  const value = median(values);
  const reference = ours.length > 0 ? median(ours.map(valueOf)) : undefined;
  const gain = reference === undefined ? undefined : moreIsBetter ? reference / value : value / reference;
  const isCompared = gain !== undefined && results !== ours;
  return [
    format(value),
    values.length > 1 ? `${format(Math.min(...values))} to ${format(Math.max(...values))}` : NONE,
    isCompared ? times(gain) : NONE,
    seconds(results, ({ serverCpu }) => serverCpu),
    databaseSeconds(results),
    generatorShare(results),
    subject.nodes > 1 && isCompared ? `${besideOneNode(1 / gain)}; ${note(results)}` : note(results),
  ];
}

/** @param {number} gain how many times better Milonga is */
function times(gain) {
  return `${gain >= 20 ? Math.round(gain) : gain >= 2 ? gain.toFixed(1) : gain.toFixed(2)} ×`;
}

/** @param {number} part of what one node reaches */
function besideOneNode(part) {
  return `${part.toFixed(2)} × one node (aim: at least ${AIM_OF_NODES})`;
}

/** @param {Result[]} results */
function databaseSeconds(results) {
  const redis = seconds(results, ({ redisCpu }) => redisCpu);
  const database = seconds(results, ({ databaseCpu }) => databaseCpu);
  return redis === NONE ? database : `${database}, Redis ${redis}`;
}

/** @param {Result[]} results @param {(result: Result) => number | undefined} valueOf */
function seconds(results, valueOf) {
  const values = results.map(valueOf).filter((value) => value !== undefined);
  return values.length === 0 ? NONE : median(values).toFixed(2);
}

/** What the generator cost, as a part of what the server did: above 1 it, and not the server, was the slower one. @param {Result[]} results */
function generatorShare(results) {
  const shares = results
    .filter(({ serverCpu }) => serverCpu > 0)
    .map((result) => result.generatorCpu / result.serverCpu);
  return shares.length === 0 ? NONE : median(shares).toFixed(2);
}

/** @param {string[][]} rows the header first */
function markdown(rows) {
  const widths = rows[0].map((_, column) => Math.max(3, ...rows.map((row) => row[column].length)));
  const lines = rows.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`);
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [lines[0], rule, ...lines.slice(1)].join('\n');
}
