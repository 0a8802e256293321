import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

// Below the range from which the system takes ports for outgoing connections: otherwise one of those may sit on the port
// while its owner restarts, or a client that keeps trying may even be connected to itself.
const FIRST = 20_000;
// A share for each of the processes that run at the same time, and in it one port after the other: a port that another
// process has chosen and nobody listens on yet looks free.
const SHARES = 60;
const SHARE = 200;

let next = randomInt(SHARE);

/** @returns {Promise<number>} of 127.0.0.1, free, and likely to stay so while its owner restarts */
export async function freePort() {
  for (;;) {
    const port = FIRST + (process.pid % SHARES) * SHARE + (next++ % SHARE);
    const probe = createServer().listen(port, '127.0.0.1');
    try {
      await once(probe, 'listening');
      return port;
    } catch {
      // Taken.
    } finally {
      probe.close();
    }
  }
}
