import { readFileSync } from 'node:fs';

/** For all that is not a member's socket. */
const RESERVE = 200;

/** @returns {number} how many connections one process may hold; Node raises its own limit as far as it may go */
export function connectionLimit() {
  const hard = /^Max open files\s+\S+\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1];
  return hard === undefined || hard === 'unlimited' ? Infinity : Number(hard) - RESERVE;
}
