import { JWT_SECRET, ServerUnderTest } from './server-under-test.mjs';

/** All processes of a subject: one, or nodes that are one server together. */
export class ServerGroup {
  /** @type {ServerUnderTest[]} */
  #nodes = [];

  /** @param {import('../subjects.mjs').Subject} subject */
  constructor(subject) {
    this.subject = subject;
  }

  /**
   * @param {import('../subjects.mjs').Subject} subject
   * @param {import('./server-under-test.mjs').Surroundings} surroundings the same for all nodes
   * @returns {Promise<ServerGroup>} when all of them listen
   */
  static async start(subject, surroundings) {
    const group = new ServerGroup(subject);
    try {
      while (group.#nodes.length < subject.nodes) {
        group.#nodes.push(await ServerUnderTest.start(subject, surroundings));
      }
      return group;
    } catch (error) {
      await group.stop();
      throw error;
    }
  }

  get ports() {
    return this.#nodes.map(({ port }) => port);
  }

  /** What the generator needs to know of it. */
  get description() {
    const pids = this.#nodes.map(({ pid }) => pid);
    return { pids, ports: this.ports, dialect: this.subject.dialect, jwtSecret: JWT_SECRET };
  }

  /** @returns {Promise<{ rss: number, heap: number }>} bytes of all nodes together, once their garbage is gone */
  async memory() {
    const nodes = await this.#ask('memory');
    return { rss: sum(nodes.map(({ rss }) => rss)), heap: sum(nodes.map(({ heap }) => heap)) };
  }

  async beginDelay() {
    await this.#ask('beginDelay');
  }

  /** @returns {Promise<{ p99: number, max: number }>} milliseconds, at the node with the later event loop */
  async endDelay() {
    const nodes = await this.#ask('endDelay');
    return nodes.reduce((worst, node) => (node.p99 > worst.p99 ? node : worst));
  }

  async beginProfile() {
    await this.#ask('beginProfile');
  }

  /** @param {string[]} files one a node */
  async endProfile(files) {
    await Promise.all(this.#nodes.map((node, i) => node.ask('endProfile', { file: files[i] })));
  }

  async stop() {
    await Promise.all(this.#nodes.map((node) => node.stop()));
  }

  /** @param {import('./server-under-test.mjs').Probe} probe @returns {Promise<any[]>} each node's answer */
  #ask(probe) {
    return Promise.all(this.#nodes.map((node) => node.ask(probe)));
  }
}

/** @param {number[]} values */
function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}
