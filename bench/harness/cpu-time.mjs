import { readFileSync } from 'node:fs';
import process from 'node:process';

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

/**
 * What a measured time costs; to be called in the generator.
 *
 * @param {number[]} pids of the server
 * @returns {() => { serverCpu: number, generatorCpu: number }} CPU seconds of both since this call
 */
export function measureCpu(pids) {
  const ofServer = () => pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0);
  const serverBefore = ofServer();
  const ownBefore = process.cpuUsage();
  return () => {
    const serverCpu = ofServer() - serverBefore;
    const { user, system } = process.cpuUsage(ownBefore);
    return { serverCpu, generatorCpu: (user + system) / 1e6 };
  };
}
