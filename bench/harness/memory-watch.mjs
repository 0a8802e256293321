import { readFileSync } from 'node:fs';
import { clearInterval, setInterval } from 'node:timers';

const SAMPLE_MS = 50;

/** The memory (RSS) of processes, added up, while something goes on. */
export class MemoryWatch {
  #before;
  #most;
  #timer;

  /** @param {number[]} pids */
  constructor(pids) {
    const now = () => pids.reduce((sum, pid) => sum + residentBytes(pid), 0);
    this.#before = this.#most = now();
    this.#timer = setInterval(() => (this.#most = Math.max(this.#most, now())), SAMPLE_MS);
  }

  /** @returns {{ before: number, most: number }} bytes */
  end() {
    clearInterval(this.#timer);
    return { before: this.#before, most: this.#most };
  }
}

/** @param {number} pid */
function residentBytes(pid) {
  return Number(/^VmRSS:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) * 1_024;
}
