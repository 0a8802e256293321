import { once } from 'node:events';
import { createServer } from 'node:net';

/** @import { PGlite } from '@electric-sql/pglite' */
/** @import { Socket } from 'node:net' */

/** Ends an extended query, and the skipping of messages after one that failed. */
const SYNC = Uint8Array.of(0x53, 0, 0, 0, 4);
const TERMINATE = 0x58;
const NO_BYTES = Buffer.alloc(0);

/**
 * Lets clients of PostgreSQL's wire protocol talk to PGlite, one after the other.
 *
 * PGlite is a single session. The messages of two clients must not mix, not even those of one that is gone but whose
 * last messages still lie in a buffer: so the next client waits until the last byte of the one before is dealt with.
 * (`@electric-sql/pglite-socket` mixes them, or, limited to one connection, turns the next one away and may then never
 * let anybody in again.)
 */
export class WireServer {
  /** Ends when the last client so far has been served. */
  #turn = Promise.resolve();
  /** @type {Set<Socket>} */
  #sockets = new Set();
  #server = createServer((socket) => {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    // While it waits for its turn; then `#serve` sees its end.
    socket.on('error', () => socket.destroy());
    this.#turn = this.#turn.then(() => this.#serve(socket));
  });
  /** @type {PGlite} */
  #database;

  /** @param {PGlite} database not used by anybody else */
  constructor(database) {
    this.#database = database;
  }

  /** @param {string} path of the unix socket */
  async listen(path) {
    this.#server.listen(path);
    await once(this.#server, 'listening');
  }

  async close() {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await this.#turn;
  }

  /** @param {Socket} socket */
  async #serve(socket) {
    await this.#forgetLastClient();
    for await (const message of messagesOf(socket)) {
      if (message[0] === TERMINATE) break;
      socket.cork();
      await this.#execute(message, (answer) => socket.write(Buffer.from(answer)));
      socket.uncork();
    }
    socket.destroy();
  }

  /**
   * What a lost client began is rolled back, as a server would do; and what it prepared, set or locked is dropped, or
   * the next one would trip over it.
   */
  async #forgetLastClient() {
    for (const message of [simpleQuery('ROLLBACK'), SYNC, simpleQuery('DISCARD ALL')]) {
      await this.#execute(message, () => undefined);
    }
  }

  /**
   * @param {Uint8Array} message
   * @param {(bytes: Uint8Array) => void} onRawData the bytes are good during the call only
   */
  async #execute(message, onRawData) {
    await this.#database.execProtocolRawStream(message, { onRawData });
  }
}

/**
 * Cuts what a client sends into messages. A client that breaks off has no more of them.
 *
 * @param {Socket} socket
 * @returns {AsyncGenerator<Buffer, void, void>}
 */
async function* messagesOf(socket) {
  let bytes = NO_BYTES;
  // The first message has no type byte: it begins with its length.
  let typeSize = 0;
  try {
    for await (const chunk of socket) {
      bytes = Buffer.concat([bytes, chunk]);
      while (bytes.length >= typeSize + 4) {
        const size = typeSize + bytes.readInt32BE(typeSize);
        if (bytes.length < size) break;
        yield bytes.subarray(0, size);
        bytes = bytes.subarray(size);
        typeSize = 1;
      }
    }
  } catch {
    // Broken off.
  }
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
