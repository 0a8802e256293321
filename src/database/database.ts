import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { DatabaseConnection, type Statement } from './database-connection.js';
import { MILONGA_DATA_SOURCE } from './data-source.js';
import { StorageUnavailableError } from './storage-errors.js';

/** Beyond the server's own statement_timeout, which leaves the connection usable: this is for a server that hangs. */
const QUERY_DEADLINE_MS = 6_000;

const CALM_MS = 1_500;
const CALM_DEADLINE_MS = 6_000;

/** The way of repositories to the database: constant statements, rows as arrays, and never a wait without end. */
@Injectable()
export class Database {
  private troubledAt = -Infinity;

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
      const rest = this.troubledAt + CALM_MS - performance.now();
      if (rest <= 0) {
        const result = await read();
        if (this.troubledAt + CALM_MS <= performance.now()) return result;
      } else if (performance.now() + rest > deadline) {
        throw new StorageUnavailableError('The database does not answer reliably');
      } else {
        await new Promise((resolve) => setTimeout(resolve, rest));
      }
    }
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
  connect(deadlineMs: number): Promise<DatabaseConnection> {
    return DatabaseConnection.open(this.dataSource, deadlineMs, () => (this.troubledAt = performance.now()));
  }
}
