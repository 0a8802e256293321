import { afterAll, beforeAll, test } from '@jest/globals';
import type { TestServer } from '../support/server.js';
import { describeOwnServer, describeServer } from '../support/suite.js';
import { Arena } from './arena.js';

/** One attack: what is sent and what must come back is the area's own. */
export interface Row {
  /** What it stands for: the clause that must hold, or what would happen otherwise. */
  readonly lesson: string;
  readonly what: string;
}

type SuiteOptions = Parameters<typeof describeServer>[1];

interface Area<R extends Row, Server> {
  readonly rows: readonly R[];
  /** Before the bystanders come: it may restart the server. */
  readonly prepare?: (server: Server) => Promise<void>;
  /** Carries the attack out and expects the answer. */
  readonly attack: (row: R, server: Server) => Promise<void>;
  /** Further tests of the same server, without bystanders. */
  readonly more?: (server: Server) => void;
}

/** Every row as a test, after which the process lives, a bystander has noticed nothing, and a newcomer is served. */
export function describeAttacks<R extends Row>(title: string, options: SuiteOptions, area: Area<R, TestServer>): void {
  describeServer(title, options, (server) => defineRows(server, area));
}

/** The same with a server that has settings of its own. */
export function describeAttacksOnOwn<R extends Row>(
  title: string,
  options: Parameters<typeof describeOwnServer>[1],
  area: Area<R, Parameters<Parameters<typeof describeOwnServer>[2]>[0]>,
): void {
  describeOwnServer(title, options, (server) => defineRows(server, area));
}

function defineRows<R extends Row, Server extends TestServer>(server: Server, area: Area<R, Server>): void {
  let arena: Arena;
  beforeAll(async () => {
    await area.prepare?.(server);
    arena = await Arena.open(server);
  }, 150_000);
  afterAll(async () => arena.close());

  test.each(area.rows.map((row) => [row.lesson, row.what, row] as const))('%s: %s', async (_lesson, _what, row) => {
    await area.attack(row, server);
    await arena.isWell();
  });
  area.more?.(server);
}
