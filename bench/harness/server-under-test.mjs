import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../scripts/free-port.mjs';
import { Child } from './child.mjs';
import { BENCH, ROOT } from './paths.mjs';

/** Making an embedded database takes ten seconds or so, and a busy machine is slow. */
const START_TIMEOUT_MS = 60_000;
const POLL_MS = 20;

/**
 * @typedef {object} Surroundings
 * @property {string} databaseUrl
 * @property {string} [redisUrl] for a server of many nodes
 * @property {number | undefined} core
 */

/** @typedef {'memory' | 'beginDelay' | 'endDelay' | 'beginProfile' | 'endProfile'} Probe */

export const JWT_SECRET = randomBytes(32).toString('base64url');

/** A server of the bench, freshly started, in a process of its own. */
export class ServerUnderTest {
  /** @param {Child} child @param {number} port @param {string} folder @param {import('../subjects.mjs').Subject} subject */
  constructor(child, port, folder, subject) {
    this.child = child;
    this.port = port;
    this.folder = folder;
    this.subject = subject;
  }

  /**
   * @param {import('../subjects.mjs').Subject} subject
   * @param {Surroundings} surroundings
   * @returns {Promise<ServerUnderTest>} when it listens
   */
  static async start(subject, { databaseUrl, redisUrl, core }) {
    const port = await freePort();
    const folder = await mkdtemp(join(tmpdir(), 'milonga-bench-'));
    const command = ['--expose-gc', '--import', join(BENCH, 'harness', 'probe.mjs'), join(ROOT, subject.script)];
    const env = {
      PORT: String(port),
      JWT_SECRET,
      NODE_ENV: 'production',
      // All that it leaves behind, as it is killed: an embedded database is in the one, the socket to it in the other.
      DATA_DIR: join(folder, 'data'),
      TMPDIR: folder,
      ...(subject.database === 'postgres' && { DATABASE_URL: databaseUrl }),
      ...(subject.nodes > 1 && redisUrl !== undefined && { REDIS_URL: redisUrl }),
      ...subject.environment,
    };
    const child = new Child(command, { core, cwd: ROOT, env });
    const server = new ServerUnderTest(child, port, folder, subject);
    await server.#listening();
    return server;
  }

  get pid() {
    return this.child.pid;
  }

  /** @param {Probe} probe @param {object} [details] @returns {Promise<any>} */
  async ask(probe, details = {}) {
    const answer = this.child.nextMessage();
    this.child.send({ probe, ...details });
    return answer;
  }

  /** At once: a measured server has nothing to finish. */
  async stop() {
    await this.child.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  async #listening() {
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!(await accepts(this.port))) {
      if (this.child.hasEnded || Date.now() > deadline) {
        await this.stop();
        throw new Error(`${this.subject.name} did not start: ${this.child.output}`);
      }
      await sleep(POLL_MS);
    }
  }
}

/** @param {number} port */
async function accepts(port) {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
