import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, URL } from 'node:url';
import { freePort } from '../scripts/free-port.mjs';
import { Child } from '../verify/cluster/child.mjs';

const MAIN = fileURLToPath(new URL('../dist/server/main.js', import.meta.url));
const READY_MS = 60_000;
const HEAP_MB = 128;

export const SECRET = 'the-secret-of-a-server-that-is-only-fuzzed';

/** The server that is attacked: a process of its own, with an embedded database and a small heap. */
export class FuzzedServer {
  #folder;
  #child;

  /** @param {number} port @param {string} folder @param {string | undefined} databaseUrl */
  constructor(port, folder, databaseUrl) {
    this.port = port;
    this.#folder = folder;
    this.#child = new Child(process.execPath, [`--max-old-space-size=${HEAP_MB}`, MAIN], {
      cwd: folder,
      log: this.#log,
      env: {
        PORT: String(port),
        HOST: '127.0.0.1',
        DATA_DIR: join(folder, 'data'),
        DATABASE_URL: databaseUrl,
        JWT_SECRET: SECRET,
        LOG_LEVEL: 'warn',
        // The limit would refuse nearly all: what lies behind it is to be reached.
        RATE_LIMIT_PER_SECOND: '0',
        AUTH_FAILURE_DELAY_MS: '0',
        PRESENCE_GRACE_MS: '100',
      },
    });
  }

  /** Resolves when it is ready. @param {string | undefined} databaseUrl an embedded database when undefined */
  static async start(databaseUrl) {
    const server = new FuzzedServer(await freePort(), await mkdtemp(join(tmpdir(), 'milonga-fuzz-')), databaseUrl);
    const deadline = Date.now() + READY_MS;
    while (!(await server.#isReady())) {
      if (server.hasEnded || Date.now() > deadline) throw new Error(`The server does not start:\n${server.logged}`);
      await sleep(100);
    }
    return server;
  }

  get hasEnded() {
    return this.#child.hasEnded;
  }

  /** All that it wrote. */
  get logged() {
    return readFileSync(this.#log, 'utf8');
  }

  /** Resident memory, in MB. */
  get megabytes() {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, 'latin1');
    return Math.round(Number(/^VmRSS:\s*(\d+) kB/m.exec(status)?.[1]) / 1_024);
  }

  /** @param {string} name of a metric without labels @returns {Promise<number>} */
  async metric(name) {
    const text = await (await globalThis.fetch(`http://127.0.0.1:${this.port}/metrics`)).text();
    return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  }

  /** @param {string} username @returns {Promise<number>} the id of a new user */
  async makeUser(username) {
    const response = await globalThis.fetch(`http://127.0.0.1:${this.port}/auth/demo`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username }),
    });
    /** @type {unknown} */
    const answer = await response.json();
    return /** @type {{ user: { id: number } }} */ (answer).user.id;
  }

  /** @returns {Promise<boolean>} whether it ended as it should */
  async stop() {
    this.#child.signal('SIGTERM');
    const end = await Promise.race([this.#child.ended, sleep(30_000, undefined, { ref: false })]);
    if (!end) await this.#child.kill();
    await rm(this.#folder, { recursive: true, force: true });
    return end?.code === 0;
  }

  get #log() {
    return join(this.#folder, 'server.log');
  }

  async #isReady() {
    return globalThis.fetch(`http://127.0.0.1:${this.port}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  }
}
