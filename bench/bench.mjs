import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { findCores } from './harness/cores.mjs';
import { DatabaseCpu } from './harness/database-cpu.mjs';
import { ScratchDatabase } from './harness/database.mjs';
import { makeUsers } from './harness/demo-users.mjs';
import { Generator } from './harness/generator.mjs';
import { RedisServer } from './harness/redis.mjs';
import { ServerGroup } from './harness/server-group.mjs';
import { selfTimes } from './report/profile.mjs';
import { renderTable } from './report/table.mjs';
import { UWEBSOCKETS, subjects as allSubjects } from './subjects.mjs';
import { catalogue } from './workloads/catalogue.mjs';
import { slugsOf, usersOf, withinLimits } from './workloads/sizes.mjs';

/** @typedef {import('./subjects.mjs').Subject} Subject */
/** @typedef {import('./workloads/catalogue.mjs').Workload} Workload */

/** A server that has just started has work of its own left. */
const START_SETTLE_MS = 100;

/** Measured where a build of it ran, in deliveries per CPU second: for where none does. */
const UWEBSOCKETS_REFERENCE = 'A 2,184k, B 404k, C 1,923k deliveries per CPU second with version 20.30';

/** One run of the bench. */
export class Bench {
  /** @type {Map<string, object[]>} results by workload and server */
  #results = new Map();
  /** @type {Map<string, string>} servers that do not start here, and why */
  #absent = new Map();
  /** @type {string[]} */
  #failures = [];
  /** @type {string[]} */
  #remarks = [];
  /** @type {RedisServer | undefined} */
  #redis;
  #cores = findCores();
  /** Told to stop: what was measured so far is reported. */
  #isStopping = false;

  /** @param {ReturnType<import('./options.mjs').parseOptions>} options */
  constructor(options) {
    this.options = options;
    const { quick, only, workloads } = options;
    this.workloads = withinLimits(
      catalogue(quick).filter(({ name }) => isWanted(workloads, (wanted) => wanted === name.toLowerCase())),
    );
    this.subjects = allSubjects(quick)
      .filter(({ name }) => isWanted(only, (part) => name.toLowerCase().includes(part)))
      .filter(({ runs }) => this.workloads.some(({ name }) => runs.includes(name)));
  }

  /** @returns {Promise<boolean>} whether every measurement went well */
  async run() {
    const database = await ScratchDatabase.create();
    const generator = new Generator(this.#cores?.generator);
    const cleanUp = async () => {
      this.#redis?.disconnect();
      await generator.stop();
      await database.drop();
    };
    for (const signal of ['SIGINT', 'SIGTERM']) {
      process.once(signal, () => {
        this.#isStopping = true;
        progress('Stopping after this measurement; once more: at once\n');
        process.once(signal, () => void cleanUp().finally(() => process.exit(1)));
      });
    }
    try {
      await this.#findRedis();
      await this.#makeTables(database);
      for (let round = 1; round <= this.options.rounds; round++) await this.#round(round, database, generator);
      await this.#report(database);
    } finally {
      await cleanUp();
    }
    return this.#failures.length === 0;
  }

  /** Without one, servers of many nodes are left out. */
  async #findRedis() {
    if (this.subjects.every(({ nodes }) => nodes === 1)) return;
    try {
      this.#redis = await RedisServer.connect();
    } catch (error) {
      this.subjects = this.subjects.filter(({ nodes }) => nodes === 1);
      this.#remarks.push(error instanceof Error ? error.message : String(error));
    }
  }

  /** @param {ScratchDatabase} database */
  async #makeTables(database) {
    const [milonga] = allSubjects();
    const server = await ServerGroup.start(milonga, { databaseUrl: database.url, core: undefined });
    await server.stop();
    await database.fill(Math.max(...this.workloads.map(usersOf)));
  }

  /** Every server in turn, workload by workload: what disturbs the machine for a while disturbs all of them. */
  async #round(
    /** @type {number} */ round,
    /** @type {ScratchDatabase} */ database,
    /** @type {Generator} */ generator,
  ) {
    for (const workloads of this.#stays()) {
      for (const subject of this.subjects) {
        if (this.#isStopping) return;
        const own = workloads.filter(({ name }) => subject.runs.includes(name));
        if (own.length === 0 || this.#absent.has(subject.name)) continue;
        const names = own.map(({ name }) => name).join(', ');
        progress(`round ${round} of ${this.options.rounds}: ${names}, ${subject.name}`);
        await this.#stay(own, subject, database, generator);
      }
    }
    progress('');
  }

  /** Which workloads are measured on one process. A quick run saves starts; but memory is measured on a fresh one. */
  #stays() {
    if (!this.options.quick) return this.workloads.map((workload) => [workload]);
    const herd = this.workloads.filter(({ kind }) => kind === 'herd');
    const stuck = this.workloads.filter(({ kind }) => kind === 'stuck');
    const others = this.workloads.filter(({ kind }) => kind !== 'herd' && kind !== 'stuck');
    return [[...herd, ...others], stuck].filter(({ length }) => length > 0);
  }

  /** @param {Workload[]} workloads @param {Subject} subject @param {ScratchDatabase} database @param {Generator} generator */
  async #stay(workloads, subject, database, generator) {
    let [workload] = workloads;
    /** @type {ServerGroup | undefined} */
    let server;
    try {
      await database.reset(workloads.flatMap(slugsOf));
      const surroundings = { databaseUrl: database.url, redisUrl: this.#redis?.url, core: this.#cores?.server };
      server = await ServerGroup.start(subject, surroundings);
      if (subject.database === 'embedded') await makeUsers(server.ports[0], Math.max(...workloads.map(usersOf)));
      await sleep(START_SETTLE_MS);
      for (workload of workloads) {
        this.#resultsOf(workload, subject).push(await this.#measure(workload, server, database, generator));
      }
    } catch (error) {
      this.#failed(workload, subject, error instanceof Error ? error.message : String(error));
    } finally {
      await server?.stop();
    }
  }

  /** @param {Workload} workload @param {ServerGroup} server @param {ScratchDatabase} database @param {Generator} generator */
  async #measure(workload, server, database, generator) {
    const { subject } = server;
    const databaseCpu = new DatabaseCpu(database.client);
    /** @type {Record<string, any>} */
    const beside = { before: await server.memory(), connections: usersOf(workload) };
    const profiles = this.#profileFiles(workload, subject);
    /** @type {(() => Promise<number>) | undefined} */
    let redisCpu;
    const run = randomBytes(4).toString('hex');
    const task = { ...workload, run, server: server.description, databaseUrl: database.url };
    try {
      const result = await generator.run(task, {
        begin: async () => {
          if (profiles.length > 0) await server.beginProfile();
          if (subject.database === 'postgres') await databaseCpu.begin();
          if (subject.nodes > 1) redisCpu = await this.#redis?.measureCpu();
          await server.beginDelay();
        },
        end: async () => {
          beside.loopDelay = await server.endDelay();
          beside.redisCpu = await redisCpu?.();
          if (subject.database === 'postgres') beside.databaseCpu = await databaseCpu.end();
          if (profiles.length > 0) await server.endProfile(profiles);
        },
        settled: async () => {
          await sleep('settleMs' in workload ? workload.settleMs : 0);
          beside.after = await server.memory();
        },
      });
      return { ...result, ...beside };
    } finally {
      databaseCpu.stop();
    }
  }

  /** @param {Workload} workload @param {Subject} subject @param {string} reason */
  #failed(workload, subject, reason) {
    progress('');
    if (subject.name.startsWith(UWEBSOCKETS) && reason.includes('did not start')) {
      this.#absent.set(subject.name, reason);
      return;
    }
    this.#failures.push(`${workload.name}, ${subject.name}: ${reason}`);
    process.stdout.write(`FAILED ${this.#failures.at(-1)}\n`);
  }

  /** @param {Workload} workload @param {Subject} subject @returns {object[]} */
  #resultsOf(workload, subject) {
    const key = `${workload.name} ${subject.name}`;
    const results = this.#results.get(key) ?? [];
    this.#results.set(key, results);
    return results;
  }

  /** @param {ScratchDatabase} database */
  async #report(database) {
    const { rows } = await database.client.query('SHOW server_version');
    const present = this.subjects.filter(({ name }) => !this.#absent.has(name));
    const table = renderTable(this.workloads, present, (workload, subject) => this.#resultsOf(workload, subject));
    const pinned = this.#cores
      ? `server on core ${this.#cores.server}, generator on core ${this.#cores.generator}, PostgreSQL on either`
      : 'nothing pinned to a core: taskset or a second core is missing';
    const lines = [
      table,
      '',
      `Rounds: ${this.options.rounds}. Node.js ${process.version}, PostgreSQL ${rows[0].server_version}, ${cpus().length} × ${cpus()[0]?.model}; ${pinned}.`,
      'CPU s: user and system time of the server process in the measured window, and so of an embedded database too.',
      'Generator CPU: as a part of that. Loop delay: how late the event loop of the server process was in that window.',
      '"Milonga is": how many times better than that row, by the medians; below 1 it is worse.',
      'Two nodes: on the one core together, CPU added up, the later event loop; Redis with what it did for anybody else.',
      ...this.#remarks,
    ];
    if (this.#absent.size > 0) {
      lines.push(
        `${UWEBSOCKETS}: no build from the registry runs here, so it was not measured in this run.`,
        `Reference, not from this run: ${UWEBSOCKETS_REFERENCE}.`,
        [...this.#absent.values()][0],
      );
    }
    if (this.#failures.length > 0) lines.push('', ...this.#failures.map((failure) => `FAILED ${failure}`));
    process.stdout.write(`${lines.join('\n')}\n`);
    for (const file of this.#profiles) process.stdout.write(`\n${file}, self time:\n${selfTimes(file)}\n`);
  }

  /** @type {Set<string>} */
  #profiles = new Set();

  /** @param {Workload} workload @param {Subject} subject @returns {string[]} one a node; none when nothing is profiled */
  #profileFiles(workload, subject) {
    const { profile } = this.options;
    if (profile === undefined) return [];
    mkdirSync(profile, { recursive: true });
    const name = `${workload.name}-${subject.name}`.toLowerCase().replace(/[^a-z0-9.]+/g, '-');
    const files = Array.from({ length: subject.nodes }, (_, i) => {
      const suffix = subject.nodes > 1 ? `-${i + 1}` : '';
      return resolve(join(profile, `${name}${suffix}.cpuprofile`));
    });
    for (const file of files) this.#profiles.add(file);
    return files;
  }
}

/** @param {string[]} wanted none: all @param {(part: string) => boolean} matches */
function isWanted(wanted, matches) {
  return wanted.length === 0 || wanted.some(matches);
}

/** @param {string} text overwrites the last one */
function progress(text) {
  if (process.stdout.isTTY) process.stdout.write(`\r\u001b[K${text}`);
  else if (text !== '') process.stdout.write(`${text}\n`);
}
