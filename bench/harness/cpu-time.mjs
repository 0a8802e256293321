import { readFileSync } from 'node:fs';

/** Linux has reported process times in hundredths of a second on every architecture that Node.js runs on. */
const TICKS_PER_SECOND = 100;
/** Fields after the command's closing bracket: utime and stime. */
const UTIME = 11;
const STIME = 12;

/** @param {number} pid @returns {number} CPU seconds, user and system, that all threads of a process have used */
export function cpuSeconds(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[UTIME]) + Number(fields[STIME])) / TICKS_PER_SECOND;
}
