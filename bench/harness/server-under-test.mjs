import { randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Child } from './child.mjs';
import { BENCH, ROOT } from './paths.mjs';

const START_TIMEOUT_MS = 20_000;
const POLL_MS = 20;
const FIRST_PORT = 20_000;
const LAST_PORT = 30_000;

export const JWT_SECRET = randomBytes(32).toString('base64url');

/** A server of the bench, freshly started, in a process of its own. */
export class ServerUnderTest {
  /** @param {Child} child @param {number} port @param {import('../subjects.mjs').Subject} subject */
  constructor(child, port, subject) {
    this.child = child;
    this.port = port;
    this.subject = subject;
  }

  /**
   * @param {import('../subjects.mjs').Subject} subject
   * @param {{ databaseUrl: string, core: number | undefined }} options
   * @returns {Promise<ServerUnderTest>} when it listens
   */
  static async start(subject, { databaseUrl, core }) {
    const port = await freePort();
    const command = ['--expose-gc', '--import', join(BENCH, 'harness', 'probe.mjs'), join(ROOT, subject.script)];
    const env = { PORT: String(port), JWT_SECRET, NODE_ENV: 'production', ...subject.environment };
    const child = new Child(command, {
      core,
      cwd: ROOT,
      env: subject.stores ? { ...env, DATABASE_URL: databaseUrl } : env,
    });
    const server = new ServerUnderTest(child, port, subject);
    await server.#listening();
    return server;
  }

  /** What the generator needs to know of it. */
  get description() {
    return { pid: this.child.pid, port: this.port, dialect: this.subject.dialect, jwtSecret: JWT_SECRET };
  }

  /** @param {'memory' | 'beginProfile' | 'endProfile'} probe @param {object} [details] @returns {Promise<any>} */
  async ask(probe, details = {}) {
    const answer = this.child.nextMessage();
    this.child.send({ probe, ...details });
    return answer;
  }

  /** At once: a measured server has nothing to finish. */
  async stop() {
    await this.child.stop();
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

/**
 * Below the ports that systems hand out to clients: waiting for a server on one of those can connect to itself.
 *
 * @returns {Promise<number>}
 */
async function freePort() {
  const port = randomInt(FIRST_PORT, LAST_PORT);
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    return port;
  } catch {
    return freePort();
  } finally {
    server.close();
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
