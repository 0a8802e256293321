import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Balancer } from './balancer.js';
import { PostgresqlDatabase, TEST_DATABASE_URL, withEmbeddedSql, withSqlOn, type Sql } from './database.js';
import { copyEmbeddedTemplate } from './embedded-template.js';
import { freePort } from '../../scripts/free-port.mjs';
import { ServerProcess, type Environment } from './server-process.js';
import { TestServer } from './server.js';
import { JWT_SECRET } from './tokens.js';

export type DatabaseKind = 'embedded' | 'postgresql';

/** For suites to which the database does not matter: PostgreSQL, which costs less, where there is one. */
export const ANY_DATABASE: DatabaseKind = TEST_DATABASE_URL === undefined ? 'embedded' : 'postgresql';

/** In the run for many nodes, suites on PostgreSQL have as many, behind a balancer, and share the Redis at TEST_REDIS_URL. */
export const NODES = Number(process.env['TEST_NODES'] ?? 1);

/** A server process of the suite's own, on a fresh database. */
export class OwnServer extends TestServer {
  readonly name: string;
  readonly writesLive: boolean;
  readonly apiKey = 'the-api-key-of-the-contract-suite';

  private port = 0;
  private directory: string | undefined;
  private current: ServerProcess | undefined;
  /** The other nodes. */
  private readonly others: ServerProcess[] = [];
  private ports: number[] = [];
  private balancer: Balancer | undefined;
  private postgresql: PostgresqlDatabase | undefined;
  private readonly pastOutput: string[] = [];

  /** @param settings environment variables beside, or instead of, the suite's own; undefined unsets one */
  constructor(
    private readonly database: DatabaseKind,
    private settings: Environment = {},
  ) {
    super();
    this.name = database === 'embedded' ? 'embedded database' : NODES > 1 ? `${NODES} nodes` : 'PostgreSQL';
    this.writesLive = database === 'postgresql';
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Where each node listens; `process` is the first. */
  get nodePorts(): readonly number[] {
    return this.ports;
  }

  get process(): ServerProcess {
    if (this.current === undefined) throw new Error('The server was not started');
    return this.current;
  }

  /** Made at first use; gone after `stop`. */
  get dataDir(): string {
    return (this.directory ??= mkdtempSync(join(tmpdir(), 'milonga-')));
  }

  /** All that its processes wrote. */
  get output(): string {
    return [...this.pastOutput, this.current?.output ?? ''].join('');
  }

  /** What its processes are started with. */
  get environment(): Environment {
    return {
      PORT: String(this.port),
      HOST: '127.0.0.1',
      DATA_DIR: this.dataDir,
      DATABASE_URL: this.postgresql?.url,
      JWT_SECRET,
      NODE_ENV: 'test',
      LOG_LEVEL: 'warn',
      DEMO_LOGIN: 'true',
      API_KEY: this.apiKey,
      RATE_LIMIT_PER_SECOND: '0',
      ...this.settings,
    };
  }

  /** The suite's PostgreSQL database. */
  async prepareDatabase(): Promise<PostgresqlDatabase> {
    this.postgresql ??= await PostgresqlDatabase.create();
    return this.postgresql;
  }

  async start(): Promise<void> {
    this.port = await freePort();
    if (this.database === 'postgresql') await this.prepareDatabase();
    else await copyEmbeddedTemplate(this.dataDir, async (directory) => this.startAndStopOn(directory));
    if (NODES > 1) await this.startNodes();
    else await this.launch();
  }

  private async startNodes(): Promise<void> {
    this.settings = { REDIS_URL: process.env['TEST_REDIS_URL'] ?? 'redis://127.0.0.1:6379', ...this.settings };
    this.ports = await Promise.all(Array.from({ length: NODES }, freePort));
    // One after the other: the first one runs the migrations.
    await this.launch();
    for (const port of this.ports.slice(1)) {
      const node = this.startNode(port);
      this.others.push(node);
      await node.untilReady(`http://127.0.0.1:${port}`);
    }
    this.balancer = await Balancer.start(this.port, this.ports);
  }

  private startNode(port: number): ServerProcess {
    return new ServerProcess({ ...this.environment, PORT: String(port), DATA_DIR: join(this.dataDir, String(port)) });
  }

  /** Starts a process on the same database and port, and waits until it is ready. */
  async launch(): Promise<void> {
    if (this.current !== undefined) this.pastOutput.push(this.current.output);
    const [port] = this.ports;
    this.current = port === undefined ? new ServerProcess(this.environment) : this.startNode(port);
    await this.current.untilReady(port === undefined ? this.url : `http://127.0.0.1:${port}`);
  }

  /** Ends the process cleanly and starts another, with further settings if given. */
  async restart(settings: Environment = {}): Promise<void> {
    await this.process.stop();
    this.configure(settings);
    await this.launch();
  }

  /** Further settings for the processes to come. */
  configure(settings: Environment): void {
    this.settings = { ...this.settings, ...settings };
  }

  async stop(): Promise<void> {
    const server = this.current;
    const endedByItself = server?.hasEnded ?? false;
    try {
      await Promise.all([server, ...this.others].map(async (node) => node?.stop()));
    } finally {
      await this.balancer?.stop();
      await this.postgresql?.drop();
      if (this.directory !== undefined) rmSync(this.directory, { recursive: true, force: true });
    }
    if (endedByItself) throw new Error(`The server ended by itself. Its output:\n${this.output}`);
  }

  async arrange<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    if (this.postgresql !== undefined) return withSqlOn(this.postgresql.url, work);
    await this.process.stop();
    const result = await withEmbeddedSql(this.dataDir, work);
    await this.launch();
    return result;
  }

  private async startAndStopOn(directory: string): Promise<void> {
    const { HOST, NODE_ENV } = this.environment;
    const server = new ServerProcess({ PORT: String(this.port), HOST, NODE_ENV, JWT_SECRET, DATA_DIR: directory });
    await server.untilReady(`http://127.0.0.1:${this.port}`);
    await server.stop();
  }
}
