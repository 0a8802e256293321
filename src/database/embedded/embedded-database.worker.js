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
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';

/** @type {WorkerInput} */
const { directory, socketPath } = workerData;

/** Ends an extended query, and the skipping of messages after one that failed. */
const SYNC = Uint8Array.of(0x53, 0, 0, 0, 4);

const database = await PGlite.create({ dataDir: directory });
if (socketPath === undefined) await database.close();
else await serve(database, socketPath);

/**
 * @param {PGlite} db
 * @param {string} path
 */
async function serve(db, path) {
  const execute = db.execProtocolRawStream.bind(db);
  db.execProtocolRawStream = async (message, options) => {
    try {
      if (isStartup(message)) await forgetLastClient(execute);
      await execute(message, options);
    } catch (error) {
      // The server would keep its queue locked for ever. Uncaught, the error ends the thread instead.
      setImmediate(() => {
        throw error;
      });
    }
  };
  // One client at a time: the messages of two would interleave, even within one statement.
  const server = new PGLiteSocketServer({ db, path, maxConnections: 1 });
  await server.start();
  parentPort?.once('message', async () => {
    await server.stop();
    await db.close();
    parentPort?.close();
  });
  parentPort?.postMessage('ready');
}

/**
 * All clients share one PostgreSQL session. What a lost one began is rolled back, as a server would do; and what it
 * prepared, set or locked is dropped, or the next client would trip over it.
 *
 * @param {PGlite['execProtocolRawStream']} execute
 */
async function forgetLastClient(execute) {
  for (const message of [simpleQuery('ROLLBACK'), SYNC, simpleQuery('DISCARD ALL')]) {
    await execute(message, { onRawData: () => {} });
  }
}

/**
 * The only message without a type byte: it begins with its length, which is far below 2^24.
 *
 * @param {Uint8Array} message
 */
function isStartup(message) {
  return message[0] === 0;
}

/**
 * @param {string} sql
 * @returns {Uint8Array}
 */
function simpleQuery(sql) {
  const message = Buffer.alloc(1 + 4 + sql.length + 1);
  message.write('Q');
  message.writeInt32BE(message.length - 1, 1);
  message.write(sql, 5);
  return message;
}
