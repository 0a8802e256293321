import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServerNode } from './node.mjs';
import { PostgreSql } from './postgresql.mjs';
import { Redis } from './redis.mjs';
import { TcpProxy } from './tcp-proxy.mjs';

/** A whole deployment on this machine: PostgreSQL, Redis where there are several nodes, nodes, and a proxy before each. */
export class Cluster {
  secret = randomBytes(32).toString('base64url');
  /** @type {ServerNode[]} */
  nodes = [];
  /** @type {TcpProxy[]} */
  links = [];
  /** @type {Redis | undefined} */
  redis;

  #folder;
  /** @type {PostgreSql | undefined} */
  #database;

  /** @param {string} folder */
  constructor(folder) {
    this.#folder = folder;
  }

  /** @returns {Promise<Cluster>} with nothing running yet */
  static async create() {
    const folder = await mkdtemp(join(tmpdir(), 'milonga-verify-'));
    // PostgreSQL runs as another user where we are root.
    await chmod(folder, 0o755);
    return new Cluster(folder);
  }

  /** Where the logs are. */
  get folder() {
    return this.#folder;
  }

  get database() {
    if (!this.#database) throw new Error('The cluster was not started');
    return this.#database;
  }

  /** What clients dial. */
  get urls() {
    return this.links.map(({ port }) => `ws://127.0.0.1:${port}/ws`);
  }

  /**
   * @param {object} options
   * @param {number} options.nodes
   * @param {boolean} options.hasRedis
   * @param {number} options.replayLimit
   * @param {import('../random.mjs').Random} options.random
   * @param {(node: number, end: { code: number | null, signal: string | null }) => void} options.onExit a node ended by itself
   */
  async start({ nodes, hasRedis, replayLimit, random, onExit }) {
    this.#database = await PostgreSql.create(this.#folder);
    if (hasRedis) this.redis = await Redis.create(this.#folder);
    for (let i = 0; i < nodes; i++) {
      const node = await ServerNode.create(i, {
        folder: this.#folder,
        databaseUrl: this.#database.url,
        redisUrl: this.redis?.url,
        secret: this.secret,
        replayLimit,
        onExit: (end) => onExit(i, end),
      });
      this.nodes.push(node);
      this.links.push(await TcpProxy.start(node.port, random.derive(`link ${i}`)));
    }
    await Promise.all(this.nodes.map((node) => node.start()));
  }

  /** @param {{ keepsLogs: boolean }} options */
  async stop({ keepsLogs }) {
    await Promise.all([...this.links.map((link) => link.stop()), ...this.nodes.map((node) => node.kill())]);
    await Promise.all([this.redis?.kill(), this.#database?.destroy()]);
    if (!keepsLogs) await rm(this.#folder, { recursive: true, force: true });
  }
}
