import { readFileSync } from 'node:fs';
import { clearInterval, setInterval } from 'node:timers';
import { cpuSeconds } from './cpu-time.mjs';

const SAMPLE_MS = 200;

/** The CPU that PostgreSQL's processes spend on the scratch database; they are sampled, as they come and go. */
export class DatabaseCpu {
  #client;
  /** @type {Map<number, { first: number, last: number }>} by pid */
  #backends = new Map();
  /** @type {NodeJS.Timeout | undefined} */
  #timer;

  /** @param {import('pg').Client} client connected to the scratch database */
  constructor(client) {
    this.#client = client;
  }

  async begin() {
    this.#backends.clear();
    for (const pid of await this.#pids()) {
      const now = readCpu(pid);
      if (now !== undefined) this.#backends.set(pid, { first: now, last: now });
    }
    this.#timer = setInterval(() => void this.#sample().catch(() => undefined), SAMPLE_MS);
  }

  /** @returns {Promise<number | undefined>} seconds since `begin`; undefined when the server is on another machine */
  async end() {
    this.stop();
    await this.#sample();
    if (this.#backends.size === 0) return undefined;
    return [...this.#backends.values()].reduce((sum, { first, last }) => sum + last - first, 0);
  }

  stop() {
    clearInterval(this.#timer);
  }

  async #sample() {
    for (const pid of await this.#pids()) {
      const now = readCpu(pid);
      if (now === undefined) continue;
      const known = this.#backends.get(pid);
      if (known) known.last = now;
      else this.#backends.set(pid, { first: 0, last: now });
    }
  }

  /** @returns {Promise<number[]>} */
  async #pids() {
    const { rows } = await this.#client.query(
      'SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    return rows.map(({ pid }) => pid);
  }
}

/** @param {number} pid @returns {number | undefined} undefined for a process that is not here, or is another's */
function readCpu(pid) {
  try {
    const isPostgres = readFileSync(`/proc/${pid}/comm`, 'latin1').startsWith('postgres');
    return isPostgres ? cpuSeconds(pid) : undefined;
  } catch {
    return undefined;
  }
}
