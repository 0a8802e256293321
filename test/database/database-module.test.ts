import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  Global,
  type INestApplicationContext,
  Injectable,
  type LoggerService,
  Module,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import { Test } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import { MILONGA_OPTIONS } from '../../src/config/options.js';
import { MILONGA_DATA_SOURCE } from '../../src/database/data-source.js';
import { DatabaseHealth } from '../../src/database/database-health.js';
import { DatabaseModule } from '../../src/database/database.module.js';
import { Database } from '../../src/database/database.js';
import { DatabaseNotReadyError } from '../../src/database/open-data-source.js';
import { freePort } from '../../scripts/free-port.mjs';
import { freshDataDir } from './databases.js';

const TABLES = {
  name: 'test.tables',
  text: `SELECT count(*)::int FROM information_schema.tables WHERE table_schema = 'public'`,
};

/** A start that fails says so more than once. */
const SILENT: LoggerService = { log: () => undefined, warn: () => undefined, error: () => undefined };

/** Writes its last words into the database, as late as it can. */
@Injectable()
class LastWords implements OnApplicationShutdown {
  said: unknown[] = [];

  constructor(private readonly database: Database) {}

  async onApplicationShutdown(): Promise<void> {
    this.said = await this.database.query(TABLES, []);
  }
}

describe('DatabaseModule', () => {
  let parent: string;

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'milonga-test-'));
  });

  afterEach(async () => rm(parent, { recursive: true }));

  async function start(url: string | undefined, dataDir: string): Promise<INestApplicationContext> {
    @Global()
    @Module({
      providers: [{ provide: MILONGA_OPTIONS, useValue: { database: { url, dataDir } } }],
      exports: [MILONGA_OPTIONS],
    })
    class OptionsModule {}

    @Module({ imports: [DatabaseModule], providers: [LastWords] })
    class FeatureModule {}

    const app = await Test.createTestingModule({ imports: [OptionsModule, FeatureModule] })
      .setLogger(SILENT)
      .compile();
    return app.init();
  }

  test('starts the embedded database, and stops it after everybody else', async () => {
    const dataDir = await freshDataDir(parent);
    const app = await start(undefined, dataDir);
    expect(await app.get(DatabaseHealth).check()).toBe(true);
    const dataSource = app.get<DataSource>(getDataSourceToken(MILONGA_DATA_SOURCE));
    const lastWords = app.get(LastWords);
    await app.close();

    expect(lastWords.said).toEqual([[7]]);
    expect(dataSource.isInitialized).toBe(false);
    expect(await readdir(join(dataDir, 'lock'))).toEqual([]);
    await (await start(undefined, dataDir)).close();
  });

  test('does not start without its PostgreSQL server, and says so', async () => {
    const url = `postgres://nobody:secret@127.0.0.1:${await freePort()}/nothing`;
    const starting = start(url, parent);
    await expect(starting).rejects.toBeInstanceOf(DatabaseNotReadyError);
    await expect(starting).rejects.toThrow(/ECONNREFUSED/);
    await expect(starting).rejects.not.toThrow(/secret/);
  });
});
