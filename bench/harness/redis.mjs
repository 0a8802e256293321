import process from 'node:process';
import { URL } from 'node:url';
// The product's client, from the packages of the repository.
import { Redis } from 'ioredis';

const LOCAL_URL = 'redis://127.0.0.1:6379';
const CONNECT_TIMEOUT_MS = 2_000;

/** The Redis that the environment names, or one on this machine: what many nodes need. */
export class RedisServer {
  /** @param {string} url @param {Redis} client */
  constructor(url, client) {
    this.url = url;
    this.client = client;
  }

  /** @returns {Promise<RedisServer>} @throws Error with one clear line when there is none */
  static async connect() {
    const url = process.env.REDIS_URL ?? LOCAL_URL;
    const options = { lazyConnect: true, connectTimeout: CONNECT_TIMEOUT_MS, retryStrategy: () => null };
    const client = new Redis(url, options);
    let reason = '';
    client.on('error', (error) => (reason = error.message));
    try {
      await client.connect();
    } catch (error) {
      client.disconnect();
      throw new Error(
        `No Redis at ${new URL(url).host} (${reason || error}): name one by REDIS_URL to measure many nodes.`,
        { cause: error },
      );
    }
    return new RedisServer(url, client);
  }

  /** @returns {Promise<() => Promise<number>>} its CPU seconds since this call, with what it did for anybody else */
  async measureCpu() {
    const before = await this.#cpuSeconds();
    return async () => (await this.#cpuSeconds()) - before;
  }

  disconnect() {
    this.client.disconnect();
  }

  async #cpuSeconds() {
    const info = await this.client.info('cpu');
    const seconds = (/** @type {string} */ field) => Number(new RegExp(`^${field}:(\\S+)`, 'm').exec(info)?.[1]);
    return seconds('used_cpu_user') + seconds('used_cpu_sys');
  }
}
