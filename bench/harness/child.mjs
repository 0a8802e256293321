import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { onCore } from './cores.mjs';

/** Kept of what a child writes, for its error. */
const OUTPUT_CHARACTERS = 4_000;

/** @type {Set<Child>} */
const running = new Set();
process.on('exit', () => {
  for (const child of running) child.kill();
});

/** A Node process of ours with an IPC channel; it never outlives this one. */
export class Child {
  output = '';
  /** @type {Promise<void>} */
  ended;

  #process;

  /**
   * @param {string[]} command after `node`
   * @param {{ core: number | undefined, cwd: string, env?: Record<string, string> }} options
   */
  constructor(command, { core, cwd, env = {} }) {
    const [file, ...args] = onCore(core, [process.execPath, ...command]);
    const { PATH, HOME } = process.env;
    this.#process = spawn(file, args, {
      cwd,
      env: { PATH, HOME, ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => {
        this.output = (this.output + text).slice(-OUTPUT_CHARACTERS);
      });
    }
    running.add(this);
    this.ended = once(this.#process, 'close').then(() => void running.delete(this));
  }

  get pid() {
    const { pid } = this.#process;
    if (pid === undefined) throw new Error('The process did not start');
    return pid;
  }

  get hasEnded() {
    return !running.has(this);
  }

  /** @param {object} message */
  send(message) {
    this.#process.send(message);
  }

  /** @returns {Promise<any>} the next message; rejects when the process ends without one */
  async nextMessage() {
    const message = once(this.#process, 'message').then(([value]) => value);
    const end = this.ended.then(() => {
      throw new Error(`A process ended early: ${this.output}`);
    });
    return Promise.race([message, end]);
  }

  kill() {
    this.#process.kill('SIGKILL');
  }

  async stop() {
    this.kill();
    await this.ended;
  }
}
