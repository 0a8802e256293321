import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Child } from './child.mjs';
import { freePort } from '../../scripts/free-port.mjs';

const START_MS = 10_000;
const POLL_MS = 20;

/** A Redis of the run's own that keeps nothing: a crash empties it. */
export class Redis {
  #folder;
  #port;
  /** @type {Child | undefined} */
  #child;

  /** @param {string} folder @param {number} port */
  constructor(folder, port) {
    this.#folder = folder;
    this.#port = port;
  }

  /** @param {string} folder */
  static async create(folder) {
    const redis = new Redis(folder, await freePort());
    await redis.start();
    return redis;
  }

  get port() {
    return this.#port;
  }

  get url() {
    return `redis://127.0.0.1:${this.#port}`;
  }

  async start() {
    const args = ['--port', String(this.#port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    this.#child = new Child('redis-server', args, { cwd: this.#folder, log: join(this.#folder, 'redis.log') });
    const deadline = Date.now() + START_MS;
    while ((await this.#ask('PING').catch(() => '')) !== '+PONG\r\n') {
      if (Date.now() > deadline) throw new Error(`Redis did not start: see ${this.#folder}/redis.log`);
      await sleep(POLL_MS);
    }
  }

  async kill() {
    await this.#child?.kill();
  }

  freeze() {
    this.#child?.signal('SIGSTOP');
  }

  thaw() {
    this.#child?.signal('SIGCONT');
  }

  async flush() {
    await this.#ask('FLUSHALL');
  }

  /** @param {string} command @returns {Promise<string>} the first bytes of the answer */
  async #ask(command) {
    const socket = connect(this.#port, '127.0.0.1').setEncoding('utf8');
    try {
      socket.write(`${command}\r\n`);
      const [answer] = await once(socket, 'data');
      return answer;
    } finally {
      socket.destroy();
    }
  }
}

export function hasRedisServer() {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
