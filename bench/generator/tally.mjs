import { clearTimeout, setTimeout } from 'node:timers';

/** What all clients of a task saw together, and a way to wait for it. */
export class Tally {
  sent = 0;
  acks = 0;
  deliveries = 0;
  userJoined = 0;
  /** @type {Error | undefined} the first thing that went wrong */
  failure;

  /** @type {{ isReached: () => boolean, resolve: () => void, reject: (error: Error) => void } | undefined} */
  #waiting;

  /** To be called after every change. */
  changed() {
    if (this.#waiting?.isReached()) this.#settle()?.resolve();
  }

  /** @param {string} reason */
  fail(reason) {
    this.failure ??= new Error(reason);
    this.#settle()?.reject(this.failure);
  }

  /**
   * @param {() => boolean} isReached
   * @param {string} what for the error
   * @param {number} timeoutMs
   */
  async until(isReached, what, timeoutMs) {
    if (this.failure) throw this.failure;
    if (isReached()) return;
    const timer = setTimeout(() => this.fail(`${what}: not within ${timeoutMs} ms (${this})`), timeoutMs);
    try {
      await new Promise((resolve, reject) => {
        this.#waiting = { isReached, resolve: () => resolve(undefined), reject };
      });
    } finally {
      clearTimeout(timer);
    }
  }

  toString() {
    const { sent, acks, deliveries, userJoined } = this;
    return `${sent} sent, ${acks} acknowledged, ${deliveries} delivered, ${userJoined} user_joined`;
  }

  #settle() {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    return waiting;
  }
}
