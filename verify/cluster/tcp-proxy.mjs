import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../scripts/free-port.mjs';

const PIECE_BYTES = 512;
const LEAST_DELAY_MS = 20;
const MOST_DELAY_MS = 150;

/** @typedef {'forward' | 'stall' | 'slow' | 'swallow'} Mode */

/** Stands between clients and a node, and does to their links what networks do. */
export class TcpProxy {
  /** @type {Mode} */
  #mode = 'forward';
  /** @type {Set<import('node:net').Socket>} */
  #sockets = new Set();
  #target;
  #random;
  #listener = createServer({ allowHalfOpen: true }, (client) => this.#link(client));

  /** @param {number} target a port of 127.0.0.1 @param {number} port @param {import('../random.mjs').Random} random */
  constructor(target, port, random) {
    this.#target = target;
    this.port = port;
    this.#random = random;
  }

  /** @param {number} target @param {import('../random.mjs').Random} random */
  static async start(target, random) {
    const proxy = new TcpProxy(target, await freePort(), random);
    proxy.#listener.listen(proxy.port, '127.0.0.1');
    await once(proxy.#listener, 'listening');
    return proxy;
  }

  /** Ends every connection, as a middleman does that stops; new ones are welcome. */
  cut() {
    for (const socket of this.#sockets) socket.destroy();
  }

  reset() {
    for (const socket of this.#sockets) reset(socket);
  }

  /** Nothing passes, and nothing is lost, until `restore`. */
  stall() {
    this.#mode = 'stall';
    for (const socket of this.#sockets) socket.pause();
  }

  /** Everything passes in pieces, each of them late, until `restore`. */
  slow() {
    this.#mode = 'slow';
  }

  /** What is sent is lost, until `restore` resets the connections that lost something. */
  swallow() {
    this.#mode = 'swallow';
  }

  restore() {
    const before = this.#mode;
    this.#mode = 'forward';
    if (before === 'swallow') this.reset();
    for (const socket of this.#sockets) socket.resume();
  }

  async stop() {
    this.#listener.close();
    this.reset();
  }

  /** @param {import('node:net').Socket} client */
  #link(client) {
    const server = connect({ host: '127.0.0.1', port: this.#target, allowHalfOpen: true });
    for (const [from, to] of [
      [client, server],
      [server, client],
    ]) {
      if (!from || !to) continue;
      this.#sockets.add(from);
      from.setNoDelay(true);
      // One after another: whatever a link does, TCP keeps the order.
      let turn = Promise.resolve();
      const pass = (/** @type {import('node:buffer').Buffer} */ chunk) => {
        turn = turn.then(() => this.#pass(chunk, from, to));
      };
      from.on('data', pass);
      from.on('end', pass);
      // A node that is not there refuses connections, and so do we.
      from.on('error', () => reset(to));
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      if (this.#mode === 'stall') from.pause();
    }
  }

  /**
   * @param {import('node:buffer').Buffer | undefined} chunk undefined: the end
   * @param {import('node:net').Socket} from
   * @param {import('node:net').Socket} to
   */
  async #pass(chunk, from, to) {
    if (this.#mode === 'swallow' || to.destroyed) return;
    if (!chunk) {
      to.end();
      return;
    }
    from.pause();
    const size = this.#mode === 'slow' ? PIECE_BYTES : chunk.length;
    for (let i = 0; i < chunk.length && !to.destroyed; i += size) {
      if (this.#mode === 'slow') await sleep(this.#random.between(LEAST_DELAY_MS, MOST_DELAY_MS));
      if (!to.write(chunk.subarray(i, i + size))) await drained(to);
    }
    if (this.#mode !== 'stall') from.resume();
  }
}

/** Node never finishes closing a socket that is reset after its end: the process would spin at its exit. @param {import('node:net').Socket} socket */
function reset(socket) {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

/** @param {import('node:net').Socket} socket */
async function drained(socket) {
  await new Promise((resolve) => {
    const done = () => {
      socket.off('drain', done);
      socket.off('close', done);
      resolve(undefined);
    };
    socket.on('drain', done);
    socket.on('close', done);
  });
}
