import { existsSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';

const TOP = 40;
/** Waiting; and the profiler's own work, at its end. */
const NOT_WORK = new Set(['(idle)', 'dispatch']);

/**
 * @typedef {object} ProfileNode
 * @property {number} id
 * @property {{ functionName: string, url: string, lineNumber: number, columnNumber: number }} callFrame
 */

/** @param {string} file of a CPU profile @returns {string} the functions in which most time was spent, themselves */
export function selfTimes(file) {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, 'utf8'));
  const names = new Map(nodes.map((/** @type {ProfileNode} */ node) => [node.id, nameOf(node)]));
  /** @type {Map<string, number>} microseconds */
  const self = new Map();
  let busy = 0;
  for (const [i, id] of samples.entries()) {
    const name = names.get(id);
    if (NOT_WORK.has(name)) continue;
    busy += timeDeltas[i];
    self.set(name, (self.get(name) ?? 0) + timeDeltas[i]);
  }
  return [...self]
    .sort(([, a], [, b]) => b - a)
    .slice(0, TOP)
    .map(([name, time]) => `${((100 * time) / busy).toFixed(1).padStart(6)} %  ${name}`)
    .join('\n');
}

/** @param {ProfileNode} node */
function nameOf({ callFrame: { functionName, url, lineNumber, columnNumber } }) {
  if (url === '') return functionName || '(anonymous)';
  const { originalSource, originalLine } = sourceMapOf(url)?.findEntry(lineNumber, columnNumber) ?? {};
  const place = (originalSource ?? url).replace(/^.*\/node_modules\//, '').replace(/^(\.\.\/)+/, '');
  return `${functionName || '(anonymous)'}  ${place}:${(originalLine ?? lineNumber) + 1}`;
}

/** @type {Map<string, SourceMap | undefined>} by URL */
const sourceMaps = new Map();

/** What was bundled is told by its source. @param {string} url */
function sourceMapOf(url) {
  if (!sourceMaps.has(url)) {
    const file = url.startsWith('file:') ? `${fileURLToPath(url)}.map` : '';
    sourceMaps.set(url, existsSync(file) ? new SourceMap(JSON.parse(readFileSync(file, 'utf8'))) : undefined);
  }
  return sourceMaps.get(url);
}
