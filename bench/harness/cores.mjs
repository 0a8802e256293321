import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * @typedef {object} Cores
 * @property {number} server
 * @property {number} generator
 */

/** @returns {Cores | undefined} undefined where processes cannot be kept apart: no taskset, or a single core */
export function findCores() {
  if (spawnSync('taskset', ['--version']).status !== 0) return undefined;
  const [server, generator] = allowedCores();
  return generator === undefined ? undefined : { server, generator };
}

/** A command line that runs `command` on one core. @param {number | undefined} core @param {string[]} command */
export function onCore(core, command) {
  return core === undefined ? command : ['taskset', '-c', String(core), ...command];
}

/** @returns {number[]} */
function allowedCores() {
  const list = /^Cpus_allowed_list:\s*(.+)$/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1] ?? '';
  return list.split(',').flatMap((range) => {
    const [first, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}
