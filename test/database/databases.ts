import { cp, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import type { DataSource, DataSourceOptions } from 'typeorm';
import { embeddedDataSource, serverDataSource } from '../../src/database/data-source.js';
import { Database } from '../../src/database/database.js';
import { EmbeddedDatabase } from '../../src/database/embedded/embedded-database.js';
import { openDataSource } from '../../src/database/open-data-source.js';
import { PostgresqlDatabase, TEST_DATABASE_URL } from '../support/database.js';

type Kind = 'embedded' | 'PostgreSQL';

const HOOK_MS = 60_000;
const AVAILABLE: Kind[] = TEST_DATABASE_URL === undefined ? ['embedded'] : ['embedded', 'PostgreSQL'];

/** A fresh database of the suite's own, from its first test to its last. */
export class TestDatabase {
  private place: Place | undefined;
  private opened: DataSource | undefined;

  constructor(private readonly kind: Kind) {}

  /** Where it is. */
  get options(): DataSourceOptions {
    return existing(this.place).options;
  }

  get url(): string {
    return existing(this.place?.url);
  }

  get dataSource(): DataSource {
    return existing(this.opened);
  }

  /** What repositories are made with. */
  get database(): Database {
    return new Database(this.dataSource);
  }

  /** Rows as objects, for what the repositories do not show. */
  async sql(text: string, parameters: unknown[] = []): Promise<Record<string, unknown>[]> {
    return this.dataSource.query(text, parameters);
  }

  async start(): Promise<void> {
    this.place = await (this.kind === 'embedded' ? embeddedPlace() : serverPlace());
  }

  /** With an up-to-date schema. */
  async open(): Promise<void> {
    this.opened = await openDataSource(this.options);
  }

  async stop(): Promise<void> {
    if (this.opened?.isInitialized) await this.opened.destroy();
    await this.place?.leave();
  }
}

/** A suite with an up-to-date database: the embedded one, and PostgreSQL where TEST_DATABASE_URL says which server. */
export function describeOnEachDatabase(title: string, define: (database: TestDatabase) => void): void {
  describeOn(AVAILABLE, title, { schema: true }, define);
}

/** The same about the schema itself: the database is empty. */
export function describeOnEachEmptyDatabase(title: string, define: (database: TestDatabase) => void): void {
  describeOn(AVAILABLE, title, { schema: false }, define);
}

/** A suite about several connections at once, which the embedded database does not serve. */
export function describeOnPostgresql(
  title: string,
  { schema = true }: { readonly schema?: boolean },
  define: (database: TestDatabase) => void,
): void {
  describeOn(
    AVAILABLE.filter((kind) => kind === 'PostgreSQL'),
    title,
    { schema },
    define,
  );
}

function describeOn(
  kinds: Kind[],
  title: string,
  { schema }: { readonly schema: boolean },
  define: (database: TestDatabase) => void,
): void {
  if (kinds.length > 0) {
    describe.each(kinds)(`${title} (%s)`, (kind) => {
      const database = new TestDatabase(kind);
      beforeAll(async () => {
        await database.start();
        if (schema) await database.open();
      }, HOOK_MS);
      afterAll(async () => database.stop(), HOOK_MS);
      define(database);
    });
  }
  if (!kinds.includes('PostgreSQL')) {
    test.skip(`${title} (PostgreSQL) [skipped: PostgreSQL only: TEST_DATABASE_URL is not set]`, () => undefined);
  }
}

/** A fresh database without any table. */
interface Place {
  readonly options: DataSourceOptions;
  readonly url?: string;
  leave(): Promise<void>;
}

async function embeddedPlace(): Promise<Place> {
  const dataDir = await freshDataDir();
  const embedded = await EmbeddedDatabase.start(dataDir);
  return {
    options: embeddedDataSource(embedded.socketDir),
    async leave() {
      await embedded.stop();
      await rm(dataDir, { recursive: true });
    },
  };
}

async function serverPlace(): Promise<Place> {
  const database = await PostgresqlDatabase.create();
  return { options: serverDataSource(database.url), url: database.url, leave: async () => database.drop() };
}

/**
 * A data directory in `parent` that already holds an empty database: to copy one takes a tenth of a second, to make one
 * takes four.
 */
export async function freshDataDir(parent: string = tmpdir()): Promise<string> {
  const template = join(tmpdir(), 'milonga-test-template-0.5.14');
  if (!(await isThere(template))) await makeTemplate(template);
  const dataDir = await mkdtemp(join(parent, 'milonga-test-'));
  await cp(template, dataDir, { recursive: true });
  return dataDir;
}

async function makeTemplate(template: string): Promise<void> {
  const draft = await mkdtemp(`${template}-`);
  const embedded = await EmbeddedDatabase.start(draft);
  await embedded.stop();
  // Another test process may have been faster: then its template stays.
  await rename(draft, template).catch(async () => rm(draft, { recursive: true }));
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function existing<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The test database is not there yet');
  return value;
}
