import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type pg from 'pg';
import { DataSource, type Driver } from 'typeorm';
import { Calm } from './calm.js';
import { DatabaseConnection, type Statement } from './database-connection.js';
import { MILONGA_DATA_SOURCE } from './data-source.js';
import { StorageUnavailableError } from './storage-errors.js';

/** Beyond the server's own statement_timeout, which leaves the connection usable: this is for a server that hangs. */
const QUERY_DEADLINE_MS = 6_000;

const CALM_DEADLINE_MS = 6_000;

/** Asked only for whether there is an answer. */
const SIGN_OF_LIFE: Statement = { name: 'database.sign-of-life', text: 'SELECT 1' };

/** The way of repositories to the database: constant statements, rows as arrays, and never a wait without end. */
@Injectable()
export class Database {
  private readonly calm = new Calm();
  private pool: pg.Pool | undefined;

  constructor(@InjectDataSource(MILONGA_DATA_SOURCE) private readonly dataSource: DataSource) {}

  /**
   * Reads what people are shown. After trouble with the database, nodes first undo what they have refused meanwhile
   * (P2): a read waits for that, and counts only if there was no trouble while it was under way.
   *
   * @throws StorageUnavailableError when the trouble does not end; whatever `read` throws
   */
  async whenCalm<T>(read: () => Promise<T>): Promise<T> {
    const deadline = performance.now() + CALM_DEADLINE_MS;
    for (;;) {
      if (this.calm.isAway) await this.query(SIGN_OF_LIFE, []);
      const rest = this.calm.remaining(performance.now());
      if (rest <= 0) {
        const result = await read();
        if (this.calm.remaining(performance.now()) <= 0) return result;
      } else if (performance.now() + rest > deadline) {
        throw new StorageUnavailableError('The database does not answer reliably');
      } else {
        await new Promise((resolve) => setTimeout(resolve, rest));
      }
    }
  }

  /** Until it has answered, and been calm since, others may be undoing what they refused. */
  expectTrouble(): void {
    this.calm.troubled(performance.now());
  }

  /**
   * Runs one statement, which must be a read or harmless when done twice.
   *
   * @returns rows as arrays, in the order of the select list
   * @throws StorageUnavailableError when the database is away or does not answer
   * @throws pg.DatabaseError when it refuses the statement
   */
  async query<Row extends unknown[]>(
    statement: Statement,
    values: readonly unknown[],
    deadlineMs: number = QUERY_DEADLINE_MS,
  ): Promise<Row[]> {
    const connection = await this.connect(deadlineMs);
    try {
      return await connection.execute<Row>(statement, values);
    } finally {
      connection.release();
    }
  }

  /**
   * A connection of one's own, to be released by the caller.
   *
   * @throws StorageUnavailableError when none can be had within `deadlineMs`
   */
  async connect(deadlineMs: number): Promise<DatabaseConnection> {
    if (!this.dataSource.isInitialized) throw new StorageUnavailableError('The database is closed');
    return DatabaseConnection.open(this.watchedPool(), deadlineMs, this.calm);
  }

  /** TypeORM's own pool, but not its QueryRunner, which costs more than a whole batch of messages. */
  private watchedPool(): pg.Pool {
    const { master: pool } = this.dataSource.driver as { master: pg.Pool } & Driver;
    if (pool !== this.pool) {
      this.pool = pool;
      // A connection that nobody is using broke.
      pool.on('error', () => this.calm.troubled(performance.now()));
    }
    return pool;
  }
}
