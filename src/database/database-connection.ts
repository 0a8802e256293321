import pg from 'pg';
import { startDeadline } from '../batching/with-deadline.js';
import type { Calm } from './calm.js';
import { OutcomeUnknownError, StorageUnavailableError } from './storage-errors.js';

/** A statement whose text never changes: each connection parses and plans it once. */
export interface Statement {
  /** Unique within the product: the prepared statement is known to the server by it. */
  readonly name: string;
  readonly text: string;
}

/** Which server process a connection talks to. A pid alone is not enough: the system uses them again. */
export interface Backend {
  readonly pid: number;
  /** `backend_start` as text, exact to the microsecond. */
  readonly startedAt: string;
}

/** The same, with the database's clock less `performance.now()`, in milliseconds, as it was at `askedAt` on the latter. */
export interface TimedBackend extends Backend {
  readonly clockOffset: number;
  readonly askedAt: number;
}

/** An answer that takes longer comes from a database, or over a link, that stood still meanwhile. */
const SLOW_MS = 1_000;

const IDENTIFY = `
  SELECT pid, backend_start::text, (extract(epoch FROM clock_timestamp()) * 1000)::float8
  FROM pg_stat_activity WHERE pid = pg_backend_pid()`;

/** Asked once a minute, because no two clocks run alike, and not once a statement. */
const CLOCK_HOLDS_MS = 60_000;
const knownBackends = new WeakMap<pg.PoolClient, TimedBackend>();

/**
 * One connection out of the pool, with an end to waiting.
 *
 * `pg` waits for ever for an answer over a cut link, and a server-side statement_timeout does not help there. Here a
 * connection that misses its deadline is destroyed, so that nothing is ever queued behind the missing answer.
 */
export class DatabaseConnection {
  private constructor(
    private readonly client: pg.PoolClient,
    private readonly deadline: number,
    private readonly calm: Calm,
  ) {}

  /**
   * @param deadlineMs for everything done with this connection, waiting for it included
   * @param calm is told whether the database answers
   * @throws StorageUnavailableError when none could be had in time
   */
  static async open(pool: pg.Pool, deadlineMs: number, calm: Calm): Promise<DatabaseConnection> {
    const deadline = performance.now() + deadlineMs;
    const connecting = pool.connect();
    return new Promise((resolve, reject) => {
      let expired = false;
      const cancel = startDeadline(deadlineMs, () => {
        expired = true;
        calm.troubled(performance.now());
        reject(new StorageUnavailableError(`No database connection within ${deadlineMs} ms`));
      });
      connecting.then(
        (client) => {
          cancel();
          surviveErrors(client);
          if (expired) client.release();
          else resolve(new DatabaseConnection(client, deadline, calm));
        },
        (error: unknown) => {
          cancel();
          calm.troubled(performance.now());
          reject(new StorageUnavailableError('No database connection', { cause: error }));
        },
      );
    });
  }

  /**
   * @returns rows as arrays, in the order of the select list
   * @throws pg.DatabaseError when the server refused the statement, which then changed nothing
   * @throws OutcomeUnknownError when the connection broke or the deadline passed
   */
  execute<Row extends unknown[]>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    return this.send<Row>({ ...statement, values: [...values], rowMode: 'array' });
  }

  /** @throws StorageUnavailableError when the server does not say */
  async backend(): Promise<TimedBackend> {
    const known = knownBackends.get(this.client);
    if (known && performance.now() - known.askedAt < CLOCK_HOLDS_MS) return known;
    const rows = await this.send<[number, string, number]>({ text: IDENTIFY, rowMode: 'array' }).catch(
      (error: unknown) => {
        throw new StorageUnavailableError('The database does not tell its backend', { cause: error });
      },
    );
    const [row] = rows;
    if (row === undefined) throw new StorageUnavailableError('The database does not show its own backend');
    const [pid, startedAt, clock] = row;
    const askedAt = performance.now();
    const backend = { pid, startedAt, clockOffset: clock - askedAt, askedAt };
    knownBackends.set(this.client, backend);
    return backend;
  }

  /** This connection's deadline on the database's clock. */
  deadlineOf({ clockOffset }: TimedBackend): Date {
    return new Date(this.deadline + clockOffset);
  }

  /** Back into the pool, which drops it when it is broken. */
  release(): void {
    this.client.release();
  }

  /** Not back into the pool: what is known of the other side does not hold any more. */
  discard(): void {
    this.client.release(true);
  }

  private send<Row extends unknown[]>(query: pg.QueryArrayConfig): Promise<Row[]> {
    const sentAt = performance.now();
    return new Promise((resolve, reject) => {
      const cancel = startDeadline(Math.max(0, this.deadline - performance.now()), () => {
        // With a query under way, `end` does not say good-bye but destroys the socket.
        void this.client.end();
        this.calm.troubled(performance.now());
        reject(new OutcomeUnknownError('No answer from the database in time'));
      });
      this.client.query<Row>(query).then(
        (result) => {
          cancel();
          const now = performance.now();
          if (now - sentAt > SLOW_MS) this.calm.troubled(now);
          this.calm.answered(now);
          resolve(result.rows);
        },
        (error: unknown) => {
          cancel();
          if (isRefusal(error)) {
            reject(error);
            return;
          }
          this.calm.troubled(performance.now());
          reject(new OutcomeUnknownError('The database connection broke', { cause: error }));
        },
      );
    });
  }
}

/** A client that breaks while it is out of the pool would end the process, if nobody listened. */
function surviveErrors(client: pg.PoolClient): void {
  if (client.listenerCount('error', ignore) === 0) client.on('error', ignore);
}

function ignore(): void {
  // Whoever waits for an answer is told by its rejection.
}

/**
 * Whether the server said that the statement failed and the session lives on. FATAL ends the session, and may come
 * after the commit; so may whatever a server says in another language.
 */
function isRefusal(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError && error.severity === 'ERROR';
}
