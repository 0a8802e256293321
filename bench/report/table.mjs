import { median } from '../harness/statistics.mjs';
import { METRICS } from './metrics.mjs';

/** @typedef {import('../workloads/catalogue.mjs').Workload} Workload */
/** @typedef {import('../subjects.mjs').Subject} Subject */
/** @typedef {import('./metrics.mjs').Result} Result */
/** @typedef {(workload: Workload, subject: Subject) => Result[]} ResultsOf the rounds that went well */

const HEADER = ['', 'median', 'spread', 'Milonga is', 'CPU s', 'database CPU s', 'generator CPU', ''];
const NONE = '–';

/**
 * One Markdown table: for each workload and metric a row a server, compared with the first of `subjects`.
 *
 * @param {Workload[]} workloads @param {Subject[]} subjects @param {ResultsOf} resultsOf
 * @returns {string}
 */
export function renderTable(workloads, subjects, resultsOf) {
  const rows = workloads.flatMap((workload) =>
    METRICS[workload.kind].flatMap((metric) => [
      [`**${workload.title}: ${metric.title}**`, ...HEADER.slice(1).fill('')],
      ...subjects.map((subject) => [
        subject.name,
        ...cells(metric, resultsOf(workload, subject), resultsOf(workload, subjects[0])),
      ]),
    ]),
  );
  return markdown([HEADER, ...rows]);
}

/** @param {import('./metrics.mjs').Metric} metric @param {Result[]} results @param {Result[]} ours @returns {string[]} */
function cells(metric, results, ours) {
  if (results.length === 0) return ['not measured', NONE, NONE, NONE, NONE, NONE, ''];
  const { valueOf, format, moreIsBetter, note } = metric;
  const values = results.map(valueOf);
  const value = median(values);
  const reference = ours.length > 0 ? median(ours.map(valueOf)) : undefined;
  const gain = reference === undefined ? undefined : moreIsBetter ? reference / value : value / reference;
  return [
    format(value),
    values.length > 1 ? `${format(Math.min(...values))} to ${format(Math.max(...values))}` : NONE,
    results === ours || gain === undefined ? NONE : times(gain),
    seconds(results, ({ serverCpu }) => serverCpu),
    seconds(results, ({ databaseCpu }) => databaseCpu),
    generatorShare(results),
    note(results),
  ];
}

/** @param {number} gain how many times better Milonga is */
function times(gain) {
  return `${gain >= 20 ? Math.round(gain) : gain >= 2 ? gain.toFixed(1) : gain.toFixed(2)} ×`;
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
