import process from 'node:process';
import { connectionLimit } from '../harness/open-files.mjs';

/** @typedef {import('./catalogue.mjs').Workload} Workload */

/** @param {Workload} workload */
export function usersOf(workload) {
  if (workload.kind === 'throughput') return workload.rooms * workload.roomSize;
  return workload.kind === 'herd' ? workload.connections : workload.roomSize;
}

/** @param {Workload} workload */
export function slugsOf(workload) {
  const prefix = workload.name.toLowerCase();
  return Array.from({ length: Math.ceil(usersOf(workload) / workload.roomSize) }, (_, i) => `${prefix}-${i}`);
}

/** A herd no larger than a process may have open files. @param {Workload[]} workloads @returns {Workload[]} */
export function withinLimits(workloads) {
  const limit = connectionLimit();
  return workloads.map((workload) => {
    if (workload.kind !== 'herd' || workload.connections <= limit) return workload;
    process.stdout.write(
      `Only ${limit} connections instead of ${workload.connections}: raise the open-file limit (ulimit -n)\n`,
    );
    return {
      ...workload,
      connections: limit,
      warmUp: Math.floor(limit / 4),
      title: workload.title.replace(/^\d+/, String(limit)),
    };
  });
}
