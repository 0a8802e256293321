import { join } from 'node:path';
import { Child } from './child.mjs';
import { BENCH } from './paths.mjs';

/** The process that drives the servers, kept for the whole run: a warm one costs less. */
export class Generator {
  #child;

  /** @param {number | undefined} core */
  constructor(core) {
    this.#child = new Child([join(BENCH, 'generator', 'main.mjs')], { core, cwd: BENCH });
  }

  /**
   * @param {object} task
   * @param {Record<string, () => Promise<void>>} moments what to do when the task reaches them
   * @returns {Promise<any>} the task's result
   * @throws Error when the task failed
   */
  async run(task, moments) {
    let message = this.#child.nextMessage();
    this.#child.send(task);
    for (;;) {
      const { moment, result, failure } = await message;
      if (failure !== undefined) throw new Error(failure);
      if (result) return result;
      await moments[moment]?.();
      message = this.#child.nextMessage();
      this.#child.send({ nod: true });
    }
  }

  async stop() {
    await this.#child.stop();
  }
}
