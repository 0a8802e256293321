import { Inject, Injectable, Logger } from '@nestjs/common';
import type { DataSourceOptions } from 'typeorm';
import { MILONGA_OPTIONS, type MilongaOptions } from '../config/options.js';
import { embeddedDataSource, serverDataSource } from './data-source.js';
import { EmbeddedDatabase } from './embedded/embedded-database.js';

/** What the data source connects to: a server that is there already, or the embedded database, which this one runs. */
@Injectable()
export class DatabaseHost {
  private readonly logger = new Logger(DatabaseHost.name);
  private embedded: EmbeddedDatabase | undefined;

  constructor(@Inject(MILONGA_OPTIONS) private readonly options: Pick<MilongaOptions, 'database'>) {}

  /** @throws DataDirInUseError when another process has the embedded database open */
  async start(): Promise<DataSourceOptions> {
    const { url, dataDir } = this.options.database;
    if (url !== undefined) return serverDataSource(url);
    this.embedded = await EmbeddedDatabase.start(dataDir);
    this.embedded.onCrash((error) => this.giveUp(error));
    return embeddedDataSource(this.embedded.socketDir);
  }

  /** Once nothing is connected to it any more. */
  async stop(): Promise<void> {
    await this.embedded?.stop();
  }

  /** Without its only database the process can do nothing but look alive. Started again, it finds all that it stored. */
  private giveUp(error: Error): void {
    this.logger.fatal(`The embedded database has crashed: ${error.message}`, error.stack);
    process.exit(1);
  }
}
