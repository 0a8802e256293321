import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

// Below the range from which the system takes ports for outgoing connections: otherwise one of those may sit on the port
// while its owner restarts, or a client that keeps trying may even be connected to itself.
const FIRST = 20_000;
const LAST = 32_000;

/** @returns {Promise<number>} of 127.0.0.1, free, and likely to stay so while its owner restarts */
export async function freePort() {
  for (;;) {
    const port = randomInt(FIRST, LAST);
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
