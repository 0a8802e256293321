import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { InjectDataSource, TypeOrmModule, type TypeOrmModuleOptions } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { MILONGA_DATA_SOURCE } from './data-source.js';
import { DatabaseHealth } from './database-health.js';
import { DatabaseHost } from './database-host.js';
import { Database } from './database.js';
import { openDataSource } from './open-data-source.js';

/** A database that is still starting beside us gets a few seconds; one that is away ends the start. */
const RETRIES = { retryAttempts: 3, retryDelay: 1_000 };

@Module({ providers: [DatabaseHost], exports: [DatabaseHost] })
class DatabaseHostModule {}

/**
 * The database of the server, for every feature module. Needs the options (`MILONGA_OPTIONS`) from a global module.
 *
 * Global, because Nest stops global modules last: until `onApplicationShutdown` of all others has run, the database is
 * there to be used.
 */
@Global()
@Module({
  imports: [
    DatabaseHostModule,
    TypeOrmModule.forRootAsync({
      name: MILONGA_DATA_SOURCE,
      imports: [DatabaseHostModule],
      inject: [DatabaseHost],
      useFactory: async (host: DatabaseHost): Promise<TypeOrmModuleOptions> => ({
        ...(await host.start()),
        ...RETRIES,
      }),
      dataSourceFactory: openDataSource,
    }),
  ],
  providers: [Database, DatabaseHealth],
  exports: [Database, DatabaseHealth],
})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(
    @InjectDataSource(MILONGA_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly host: DatabaseHost,
  ) {}

  /** The order matters, and Nest does not promise whether TypeOrmModule's own hook comes before this one. */
  async onApplicationShutdown(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
    await this.host.stop();
  }
}
