import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';

/** Without a request since. Node's own time-outs begin anew with every byte, line ends between requests too. */
const IDLE_MS = 8_000;
/** With a request whose answer the client does not read. */
const UNREAD_MS = 15_000;
const SWEEP_INTERVAL_MS = 1_000;

interface Progress {
  /** Requests in hand. */
  answering: number;
  /** When the last request came or the last answer went, on `performance.now()`. */
  at: number;
}

/** Ends HTTP connections on which nothing moves on. Those that became WebSockets are looked after elsewhere. */
export function endIdleSockets(server: Server): void {
  const sockets = new Map<Duplex, Progress>();
  server.on('connection', (socket) => {
    sockets.set(socket, { answering: 0, at: performance.now() });
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('upgrade', (_request, socket: Duplex) => sockets.delete(socket));
  server.on('request', ({ socket }, response) => {
    move(sockets.get(socket), 1);
    response.once('close', () => move(sockets.get(socket), -1));
  });
  const sweeper = setInterval(() => {
    const now = performance.now();
    for (const [socket, { answering, at }] of sockets) {
      if (now - at > (answering > 0 ? UNREAD_MS : IDLE_MS)) socket.destroy();
    }
  }, SWEEP_INTERVAL_MS).unref();
  server.once('close', () => clearInterval(sweeper));
}

function move(progress: Progress | undefined, requests: 1 | -1): void {
  if (!progress) return;
  progress.answering += requests;
  progress.at = performance.now();
}
