import { mkdir } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Child } from './child.mjs';
import { freePort } from '../../scripts/free-port.mjs';

const MAIN = join(import.meta.dirname, '..', '..', 'dist', 'server', 'main.js');
const READY_MS = 60_000;
const POLL_MS = 50;
const RESTART_MS = 300;
const DRAIN_MS = 5_000;
/** A node that has not ended by then after SIGTERM hangs. */
const TERM_MS = DRAIN_MS + 10_000;

export const GRACE_MS = 3_000;

/** One node, always on the same port, and started again when it ends by itself, as a supervisor does. */
export class ServerNode {
  #number;
  #folder;
  #environment;
  #onExit;
  /** @type {Child | undefined} */
  #child;
  /** Whether it is meant to run. */
  #isWanted = false;

  /**
   * @param {number} number
   * @param {object} options
   * @param {string} options.folder
   * @param {number} options.port
   * @param {Record<string, string | undefined>} options.environment
   * @param {(end: { code: number | null, signal: string | null }) => void} options.onExit told when it ends by itself, having been ready
   */
  constructor(number, { folder, port, environment, onExit }) {
    this.#number = number;
    this.#folder = folder;
    this.port = port;
    this.#environment = environment;
    this.#onExit = onExit;
  }

  /**
   * @param {number} number
   * @param {{ folder: string, databaseUrl: string, redisUrl: string | undefined, secret: string, replayLimit: number, onExit: (end: { code: number | null, signal: string | null }) => void }} options
   */
  static async create(number, { folder, databaseUrl, redisUrl, secret, replayLimit, onExit }) {
    const port = await freePort();
    const data = join(folder, `node-${number}`);
    await mkdir(data);
    const environment = {
      PORT: String(port),
      HOST: '127.0.0.1',
      DATABASE_URL: databaseUrl,
      ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }),
      JWT_SECRET: secret,
      DATA_DIR: data,
      PRESENCE_GRACE_MS: String(GRACE_MS),
      HEARTBEAT_INTERVAL_MS: '2000',
      HEARTBEAT_TIMEOUT_MS: '6000',
      DRAIN_TIMEOUT_MS: String(DRAIN_MS),
      RATE_LIMIT_PER_SECOND: '0',
      REPLAY_LIMIT: String(replayLimit),
      LOG_LEVEL: 'warn',
    };
    return new ServerNode(number, { folder, port, environment, onExit });
  }

  /** Resolves when it is ready. While it cannot start, as its database is away, it is tried again. */
  async start() {
    this.#isWanted = true;
    const deadline = Date.now() + READY_MS;
    for (;;) {
      const child = this.#spawn();
      while (!child.hasEnded && !(await this.#isReady())) {
        if (Date.now() > deadline) throw new Error(`Node ${this.#number} does not start: see ${this.#log}`);
        await sleep(POLL_MS);
      }
      if (!this.#isWanted) return;
      if (!child.hasEnded) {
        void this.#watch(child);
        return;
      }
      if (Date.now() > deadline) throw new Error(`Node ${this.#number} does not start: see ${this.#log}`);
      await sleep(RESTART_MS);
    }
  }

  async kill() {
    this.#isWanted = false;
    await this.#child?.kill();
  }

  freeze() {
    this.#child?.signal('SIGSTOP');
  }

  thaw() {
    this.#child?.signal('SIGCONT');
  }

  /** SIGTERM. @returns {Promise<boolean>} whether it ended, with exit status 0, in time */
  async terminate() {
    this.#isWanted = false;
    const child = this.#child;
    child?.signal('SIGTERM');
    const end = await Promise.race([child?.ended, sleep(TERM_MS, undefined, { ref: false })]);
    if (!end) await child?.kill();
    return end?.code === 0;
  }

  get #log() {
    return join(this.#folder, `node-${this.#number}.log`);
  }

  #spawn() {
    // Not the repository, where a developer's .env may name a database that matters.
    const options = { cwd: tmpdir(), env: this.#environment, log: this.#log };
    return (this.#child = new Child(process.execPath, [MAIN], options));
  }

  /** @param {Child} child */
  async #watch(child) {
    const end = await child.ended;
    if (!this.#isWanted || child !== this.#child) return;
    this.#onExit(end);
    await sleep(RESTART_MS);
    if (this.#isWanted) await this.start().catch(() => undefined);
  }

  /** @returns {Promise<boolean>} */
  async #isReady() {
    return new Promise((resolve) => {
      const request = get({ host: '127.0.0.1', port: this.port, path: '/health/ready', agent: false, timeout: 2_000 });
      request.on('timeout', () => request.destroy());
      request.on('error', () => resolve(false));
      request.on('response', (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      });
    });
  }
}
