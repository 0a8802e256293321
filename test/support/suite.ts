import { afterAll, afterEach, beforeAll, describe, test } from '@jest/globals';
import { TEST_DATABASE_URL } from './database.js';
import { GivenServer, isServerGiven, obstacle, type Need } from './given-server.js';
import { ANY_DATABASE, NODES, OwnServer, type DatabaseKind } from './own-server.js';
import type { Environment } from './server-process.js';
import type { TestServer } from './server.js';

const HOOK_MS = 150_000;
const NO_POSTGRESQL = 'PostgreSQL only: TEST_DATABASE_URL is not set';

interface SuiteOptions {
  /** Settings that the suite is about. It then needs a server of its own. */
  readonly environment?: Environment;
  /** On which databases: each that there is, just one where the database does not matter, or a certain one. */
  readonly on?: 'each' | 'one' | DatabaseKind;
}

/**
 * A suite that can judge any server: the one at MILONGA_URL, or else one process per database that it starts itself.
 * It starts before the first test and stops after the last; connections end with each test.
 */
export function describeServer(
  title: string,
  { needs = [], ...options }: SuiteOptions & { readonly needs?: readonly Need[] },
  define: (server: TestServer) => void,
): void {
  if (!isServerGiven || options.environment !== undefined) {
    describeOwnServer(title, options, define);
    return;
  }
  const reason = needs.map(obstacle).find((found) => found !== undefined);
  describeWhere(reason, title, new GivenServer(), define);
}

/** A suite that gives its server special settings, or does things to its process or database. */
export function describeOwnServer(
  title: string,
  { environment = {}, on = 'each' }: SuiteOptions,
  define: (server: OwnServer) => void,
): void {
  for (const database of databases(on)) {
    const reason = isServerGiven
      ? obstacle('a server of its own')
      : database === 'postgresql' && TEST_DATABASE_URL === undefined
        ? NO_POSTGRESQL
        : undefined;
    describeWhere(reason, title, new OwnServer(database, environment), define);
  }
}

/** `test`, or a skipped one whose name says why. */
export function testIf(condition: boolean, reason: string) {
  return (name: string, body: () => Promise<void>, timeout?: number): void => {
    if (condition) test(name, body, timeout);
    else test.skip(`${name} [skipped: ${reason}]`, body);
  };
}

/** For tests that write rows while the server runs: only PostgreSQL lets a second program in. */
export function testWithLiveRows(server: TestServer) {
  return testIf(server.writesLive, 'an embedded database lets no second program in');
}

function databases(on: 'each' | 'one' | DatabaseKind): DatabaseKind[] {
  if (NODES > 1) return ['postgresql'];
  switch (on) {
    case 'each':
      return TEST_DATABASE_URL === undefined ? ['embedded'] : ['embedded', 'postgresql'];
    case 'one':
      return [ANY_DATABASE];
    default:
      return [on];
  }
}

function describeWhere<Server extends TestServer>(
  reason: string | undefined,
  title: string,
  server: Server,
  define: (server: Server) => void,
): void {
  if (reason !== undefined) {
    describe.skip(`${title} [skipped: ${reason}]`, () => {
      define(server);
    });
    return;
  }
  describe(`${title} (${server.name})`, () => {
    beforeAll(async () => server.start(), HOOK_MS);
    afterEach(async () => server.sendEveryoneHome());
    afterAll(async () => server.stop(), HOOK_MS);
    define(server);
  });
}
