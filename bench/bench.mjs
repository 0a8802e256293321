import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { findCores } from './harness/cores.mjs';
import { DatabaseCpu } from './harness/database-cpu.mjs';
import { ScratchDatabase } from './harness/database.mjs';
import { Generator } from './harness/generator.mjs';
import { ServerUnderTest } from './harness/server-under-test.mjs';
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
  #cores = findCores();
  /** Told to stop: what was measured so far is reported. */
  #isStopping = false;

  /** @param {ReturnType<import('./options.mjs').parseOptions>} options */
  constructor(options) {
    this.options = options;
    const { quick, only, workloads } = options;
    this.subjects = allSubjects().filter(({ name }) => isWanted(only, (part) => name.toLowerCase().includes(part)));
    this.workloads = withinLimits(
      catalogue(quick).filter(({ name }) => isWanted(workloads, (wanted) => wanted === name.toLowerCase())),
    );
  }

  /** @returns {Promise<boolean>} whether every measurement went well */
  async run() {
    const database = await ScratchDatabase.create();
    const generator = new Generator(this.#cores?.generator);
    const cleanUp = async () => {
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
      await this.#makeTables(database);
      for (let round = 1; round <= this.options.rounds; round++) await this.#round(round, database, generator);
      await this.#report(database);
    } finally {
      await cleanUp();
    }
    return this.#failures.length === 0;
  }

  /** @param {ScratchDatabase} database */
  async #makeTables(database) {
    const [milonga] = allSubjects();
    const server = await ServerUnderTest.start(milonga, { databaseUrl: database.url, core: undefined });
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
        if (this.#absent.has(subject.name)) continue;
        const names = workloads.map(({ name }) => name).join(', ');
        progress(`round ${round} of ${this.options.rounds}: ${names}, ${subject.name}`);
        await this.#stay(workloads, subject, database, generator);
      }
    }
    progress('');
  }

  /** Which workloads are measured on one process. A quick run saves starts; but memory is measured on a fresh one. */
  #stays() {
    if (!this.options.quick) return this.workloads.map((workload) => [workload]);
    const herds = this.workloads.filter(({ kind }) => kind === 'herd');
    const others = this.workloads.filter(({ kind }) => kind !== 'herd');
    return [others, herds].filter(({ length }) => length > 0);
  }

  /** @param {Workload[]} workloads @param {Subject} subject @param {ScratchDatabase} database @param {Generator} generator */
  async #stay(workloads, subject, database, generator) {
    let [workload] = workloads;
    /** @type {ServerUnderTest | undefined} */
    let server;
    try {
      await database.reset(workloads.flatMap(slugsOf));
      server = await ServerUnderTest.start(subject, { databaseUrl: database.url, core: this.#cores?.server });
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

  /** @param {Workload} workload @param {ServerUnderTest} server @param {ScratchDatabase} database @param {Generator} generator */
  async #measure(workload, server, database, generator) {
    const { subject } = server;
    const databaseCpu = new DatabaseCpu(database.client);
    /** @type {Record<string, any>} */
    const beside = { before: await server.ask('memory'), connections: usersOf(workload) };
    const profile = this.#profileFile(workload, subject);
    const run = randomBytes(4).toString('hex');
    const task = { ...workload, run, server: server.description, databaseUrl: database.url };
    try {
      const result = await generator.run(task, {
        begin: async () => {
          if (profile) await server.ask('beginProfile');
          if (subject.stores) await databaseCpu.begin();
        },
        end: async () => {
          if (subject.stores) beside.databaseCpu = await databaseCpu.end();
          if (profile) await server.ask('endProfile', { file: profile });
        },
        settled: async () => {
          await sleep('settleMs' in workload ? workload.settleMs : 0);
          beside.after = await server.ask('memory');
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
      'CPU s: user and system time of the server process in the measured window. Generator CPU: as a part of that.',
      '"Milonga is": how many times better than that row, by the medians; below 1 it is worse.',
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

  /** @param {Workload} workload @param {Subject} subject @returns {string | undefined} */
  #profileFile(workload, subject) {
    if (this.options.profile === undefined || workload.kind === 'trickle') return undefined;
    mkdirSync(this.options.profile, { recursive: true });
    const name = `${workload.name}-${subject.name}`.toLowerCase().replace(/[^a-z0-9.]+/g, '-');
    const file = resolve(join(this.options.profile, `${name}.cpuprofile`));
    this.#profiles.add(file);
    return file;
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
