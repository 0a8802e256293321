import { once } from 'node:events';
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { ConfigurationError } from '../../config/configuration-error.js';
import { DataDirLock } from './data-dir-lock.js';

/** What `pg` appends to a host that is a directory. */
const SOCKET_NAME = '.s.PGSQL.5432';

/**
 * PostgreSQL without a server: PGlite in a thread of its own, so that its queries do not stop the event loop, reached
 * by `pg` over a unix socket in a private directory. It serves one connection at a time.
 */
export class EmbeddedDatabase {
  private stopped: Promise<void> | undefined;

  private constructor(
    /** The `host` for `pg`; user and database are both `postgres`. */
    readonly socketDir: string,
    private readonly lock: DataDirLock,
    private readonly thread: DatabaseThread,
  ) {}

  /**
   * Opens the database in `dataDir`, and makes directory and database when there are none.
   *
   * @throws DataDirInUseError when another process has it open
   * @throws ConfigurationError when there can be no such directory
   */
  static async start(dataDir: string): Promise<EmbeddedDatabase> {
    await mkdir(dataDir, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
      throw new ConfigurationError('DATA_DIR', `${dataDir} cannot be made (${String(error)})`);
    });
    const lock = await DataDirLock.acquire(dataDir);
    // Below the system's temporary directory, because a socket's path holds about 107 bytes.
    const socketDir = await mkdtemp(join(tmpdir(), 'milonga-'));
    try {
      const directory = join(resolve(dataDir), 'postgres');
      if (!(await isThere(directory))) await create(directory);
      const thread = new DatabaseThread({ directory, socketPath: join(socketDir, SOCKET_NAME) });
      await thread.ready();
      return new EmbeddedDatabase(socketDir, lock, thread);
    } catch (error) {
      await rm(socketDir, { recursive: true, force: true });
      await lock.release();
      throw new Error(`The embedded database in ${dataDir} does not start: ${String(error)}`, { cause: error });
    }
  }

  /** Calls `listener` when the database ends without being asked to: the process is then of no use any more. */
  onCrash(listener: (error: Error) => void): void {
    void this.thread.ended.then((error) => {
      if (this.stopped === undefined) listener(error ?? new Error('The embedded database has ended'));
    });
  }

  /** Closes the database. Connections to it must be closed before. */
  stop(): Promise<void> {
    this.stopped ??= this.close();
    return this.stopped;
  }

  private async close(): Promise<void> {
    const error = await this.thread.stop();
    await rm(this.socketDir, { recursive: true, force: true });
    await this.lock.release();
    if (error) throw error;
  }
}

/**
 * Makes a database in a thread that then ends, because one that has made a database keeps 400 MB for it; and under
 * another name first, so that a process killed meanwhile leaves nothing that looks whole.
 */
async function create(directory: string): Promise<void> {
  const draft = `${directory}.new`;
  await rm(draft, { recursive: true, force: true });
  const error = await new DatabaseThread({ directory: draft, socketPath: undefined }).ended;
  if (error) throw error;
  await rename(draft, directory);
}

class DatabaseThread {
  /** When the thread is gone; with the error that ended it, if any. */
  readonly ended: Promise<Error | undefined>;
  private readonly worker: Worker;

  constructor(workerData: { readonly directory: string; readonly socketPath: string | undefined }) {
    this.worker = new Worker(new URL('./embedded-database.worker.js', import.meta.url), { workerData });
    this.ended = new Promise((resolve) => {
      let failure: Error | undefined;
      this.worker.on('error', (error: Error) => (failure = error));
      this.worker.on('exit', () => resolve(failure));
    });
  }

  async ready(): Promise<void> {
    const message = once(this.worker, 'message');
    const end = this.ended.then((error) => {
      throw error ?? new Error('it ended at once');
    });
    await Promise.race([message, end]);
  }

  async stop(): Promise<Error | undefined> {
    this.worker.postMessage('stop');
    return this.ended;
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
