import { type DataSource, MigrationExecutor } from 'typeorm';

/** Of a transaction's advisory lock: any number that nobody else uses in this database. */
const MIGRATION_LOCK = 4_716_830_125;

/**
 * Runs the pending migrations, all or none. Of several processes that start at once one runs them, while the others
 * wait and then find nothing to do.
 *
 * Lock and migrations share one transaction: so nothing is left to unlock after a failure, and the embedded database,
 * which has no second connection, can do it.
 */
export async function migrate(dataSource: DataSource): Promise<void> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.startTransaction();
    // To wait for another process, or to build an index, may take longer than a query should.
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    await new MigrationExecutor(dataSource, runner).executePendingMigrations();
    await runner.commitTransaction();
  } catch (error) {
    // A runner whose connection broke is released by itself.
    if (runner.isTransactionActive && !runner.isReleased) await runner.rollbackTransaction();
    throw error;
  } finally {
    await runner.release();
  }
}
