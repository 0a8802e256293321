/**
 * The thread of the embedded database. Plain JavaScript, so that the very same file runs from `src` in tests and from
 * `dist/src`: a worker thread is loaded by Node itself, which knows nothing of the tests' TypeScript transform.
 *
 * @typedef {object} WorkerInput
 * @property {string} directory where PGlite keeps its files
 * @property {string | undefined} socketPath unix socket to serve on; undefined: make the database and end
 */
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { WireServer } from './wire-server.js';

/** @type {unknown} */
const input = workerData;
const { directory, socketPath } = /** @type {WorkerInput} */ (input);

const database = await PGlite.create({
  dataDir: directory,
  // PostgreSQL writes to all of its buffers when it starts: with the default, 128 MB, that takes half of the start and
  // 150 MB more of memory. What does not fit is in the cache of the operating system.
  startParams: [...PGlite.defaultStartParams, '-c', 'shared_buffers=16MB'],
});
if (socketPath === undefined) {
  await database.close();
} else {
  const server = new WireServer(database);
  await server.listen(socketPath);
  parentPort?.once('message', () => void stop(server));
  parentPort?.postMessage('ready');
}

/** @param {WireServer} server */
async function stop(server) {
  await server.close();
  await database.close();
  parentPort?.close();
}
