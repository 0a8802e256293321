import { DataSource, type DataSourceOptions } from 'typeorm';
import { migrate } from './migrate.js';

/** The database cannot be opened at start: it is away, refuses us, or a migration fails. */
export class DatabaseNotReadyError extends Error {
  override readonly name = 'DatabaseNotReadyError';

  constructor(cause: unknown) {
    super(`The database cannot be opened: ${reasonOf(cause)}`, { cause });
  }
}

/**
 * A connected data source with an up-to-date schema.
 *
 * @throws DatabaseNotReadyError
 */
export async function openDataSource(options: DataSourceOptions | undefined): Promise<DataSource> {
  if (options === undefined) throw new TypeError('A data source needs options');
  const dataSource = new DataSource(options);
  try {
    await dataSource.initialize();
    await migrate(dataSource);
    return dataSource;
  } catch (error) {
    if (dataSource.isInitialized) await dataSource.destroy();
    throw new DatabaseNotReadyError(error);
  }
}

/** Node's error for a name with several addresses has no text of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
