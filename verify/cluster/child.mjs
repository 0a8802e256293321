import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import process from 'node:process';

/** @type {Set<Child>} */
const running = new Set();
process.on('exit', () => {
  for (const child of running) child.signal('SIGKILL');
});

/** A process of ours, which never outlives this one. What it writes goes to a file. */
export class Child {
  /** @type {Promise<{ code: number | null, signal: string | null }>} */
  ended;
  hasEnded = false;

  #process;

  /**
   * @param {string} file
   * @param {string[]} args
   * @param {{ cwd: string, env?: Record<string, string | undefined>, log: string }} options
   */
  constructor(file, args, { cwd, env = {}, log }) {
    const { PATH, HOME } = process.env;
    const output = openSync(log, 'a');
    this.#process = spawn(file, args, { cwd, env: { PATH, HOME, ...env }, stdio: ['ignore', output, output] });
    closeSync(output);
    running.add(this);
    this.ended = once(this.#process, 'exit')
      .catch(() => [null, 'it did not start'])
      .then(([code, signal]) => {
        this.hasEnded = true;
        running.delete(this);
        return { code, signal };
      });
  }

  /** Undefined where it did not start. */
  get pid() {
    return this.#process.pid;
  }

  /** @param {NodeJS.Signals} signal */
  signal(signal) {
    if (!this.hasEnded) this.#process.kill(signal);
  }

  async kill() {
    this.signal('SIGKILL');
    await this.ended;
  }
}

/**
 * Runs a command to its end.
 *
 * @param {string} file
 * @param {string[]} args
 * @param {{ cwd: string, log: string }} options
 * @throws Error when it fails
 */
export async function run(file, args, options) {
  const { code, signal } = await new Child(file, args, options).ended;
  if (code !== 0) throw new Error(`${file} ${args.join(' ')} ended with ${code ?? signal}: see ${options.log}`);
}
