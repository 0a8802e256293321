import { setTimeout as sleep } from 'node:timers/promises';
import { check } from './checker/check.mjs';
import { Cluster } from './cluster/cluster.mjs';
import { Injector } from './cluster/injector.mjs';
import { GRACE_MS } from './cluster/node.mjs';
import { writeHistory } from './history/file.mjs';
import { Recorder } from './history/recorder.mjs';
import { commandOf } from './options.mjs';
import { describeFault, planFaults } from './plan/fault-plan.mjs';
import { makeCast } from './population/cast.mjs';
import { Population } from './population/population.mjs';
import { Store } from './population/store.mjs';
import { Random } from './random.mjs';
import { printReport } from './report/print.mjs';

/** @typedef {import('./options.mjs').Options} Options */
/** @typedef {{ urls: string[], secret: string, databaseUrl: string }} Deployment */

/** Three missed pings. */
const SILENCE_MS = 7_000;
/** With the settings of a deployment that is not ours: the defaults. */
const FOREIGN_GRACE_MS = 15_000;
const FOREIGN_SILENCE_MS = 75_000;
/** P8: after a kill -9 of a node, and a little for a busy machine. */
const AFTER_KILL_MS = 15_000;
const AFTER_DROP_MS = 8_000;
/** The default, and one that short absences exceed: who resumes is then told to page. */
const REPLAY_LIMITS = [500, 20];

/** One run: a deployment, clients, faults, and the check of what happened. */
export class Verification {
  #options;
  #random;
  #say;
  /** @type {Cluster | undefined} */
  #cluster;
  /** @type {Population | undefined} */
  #population;
  #begin = Date.now();

  /** @param {Options} options @param {(line: string) => void} say */
  constructor(options, say) {
    this.#options = options;
    this.#random = new Random(options.seed);
    this.#say = say;
  }

  get #hasRedis() {
    return this.#options.nodes > 1;
  }

  /** @returns {import('./plan/fault-plan.mjs').PlannedFault[]} */
  get plan() {
    const { deployment, milliseconds, nodes, isMixed, faults } = this.#options;
    if (deployment) return [];
    const options = { milliseconds, nodes, hasRedis: this.#hasRedis, isMixed, only: faults };
    return planFaults(this.#random.derive('faults'), options);
  }

  printPlan() {
    this.#say(`seed ${this.#options.seed}`);
    for (const fault of this.plan) this.#say(describeFault(fault));
  }

  /** @returns {Promise<boolean>} whether every promise was kept */
  async run() {
    this.printPlan();
    let isGood = false;
    try {
      isGood = await this.#verify();
    } finally {
      if (!this.#options.deployment) this.#say(`\nTo repeat it: ${commandOf(this.#options)}`);
      await this.stop({ keepsLogs: !isGood });
    }
    return isGood;
  }

  /** @param {{ keepsLogs: boolean }} options */
  async stop({ keepsLogs }) {
    await this.#population?.stop();
    const cluster = this.#cluster;
    this.#cluster = undefined;
    await cluster?.stop({ keepsLogs });
    if (cluster && keepsLogs) this.#say(`Logs: ${cluster.folder}`);
  }

  async #verify() {
    const { seed, clients, deployment: foreign, history: file } = this.#options;
    const suffix = foreign ? `${seed}-${Date.now().toString(36)}`.toLowerCase() : 'room';
    const cast = makeCast(clients, suffix);
    // The nodes may end before there are users to tell of it.
    /** @type {Recorder | undefined} */
    let recorder;
    const deployment = foreign ?? (await this.#startCluster((event) => recorder?.record(event)));
    const { databaseUrl } = deployment;
    const ids = await Store.use(databaseUrl, (store) => store.fill(cast));
    try {
      recorder = new Recorder(setupOf(cast, ids, this.#options));
      await this.#load(deployment, cast, ids, recorder);
      recorder.rows = await Store.use(databaseUrl, (store) => store.rows([...cast.publicRooms, cast.privateRoom]));
    } finally {
      await this.#population?.stop();
      if (foreign) await Store.use(databaseUrl, (store) => store.empty(cast));
    }
    const history = { setup: recorder.setup, events: recorder.events, rows: recorder.rows };
    if (file !== undefined) await writeHistory(file, history);
    const violations = check(history);
    printReport(history, violations, this.#say);
    return violations.length === 0;
  }

  /** @param {(event: import('./history/events.mjs').Untimed) => void} record @returns {Promise<Deployment>} */
  async #startCluster(record) {
    const { nodes } = this.#options;
    const cluster = await Cluster.create();
    this.#cluster = cluster;
    await cluster.start({
      nodes,
      hasRedis: this.#hasRedis,
      replayLimit: this.#random.derive('replay').pick(REPLAY_LIMITS),
      random: this.#random.derive('links'),
      onExit: (node, { code, signal }) => record({ kind: 'exit', node, code, signal }),
    });
    this.#progress('the cluster is up');
    return { urls: cluster.urls, secret: cluster.secret, databaseUrl: cluster.database.url };
  }

  /**
   * @param {Deployment} deployment
   * @param {import('./population/cast.mjs').Cast} cast
   * @param {Map<string, number>} ids
   * @param {Recorder} recorder
   */
  async #load({ urls, secret, databaseUrl }, cast, ids, recorder) {
    const { milliseconds, isMixed } = this.#options;
    const isOwn = this.#cluster !== undefined;
    const population = new Population({
      cast,
      ids,
      urls,
      secret,
      silenceMs: isOwn ? SILENCE_MS : FOREIGN_SILENCE_MS,
      random: this.#random.derive('clients'),
      recorder,
    });
    this.#population = population;
    population.start();
    const faults = this.#cluster
      ? new Injector(this.#cluster, recorder, (line) => this.#progress(line)).run(this.plan, isMixed)
      : undefined;
    await Promise.all([faults, sleep(milliseconds)]);

    this.#progress('quiet');
    const rooms = [...cast.publicRooms, cast.privateRoom];
    await population.settle(() => Store.use(databaseUrl, (store) => store.newest(rooms)));
    this.#progress('counting who is there');
    const { graceMs } = recorder.setup;
    const lastFault = recorder.events.findLast(({ kind }) => kind === 'fault')?.at ?? 0;
    await population.audit(Math.max(recorder.now() + graceMs + AFTER_DROP_MS, lastFault + AFTER_KILL_MS));
    recorder.record({ kind: 'end' });
    this.#progress('the end');
  }

  /** @param {string} line */
  #progress(line) {
    this.#say(`${((Date.now() - this.#begin) / 1_000).toFixed(1).padStart(7)} s  ${line}`);
  }
}

/**
 * @param {import('./population/cast.mjs').Cast} cast
 * @param {Map<string, number>} ids
 * @param {Options} options
 * @returns {import('./history/events.mjs').Setup}
 */
function setupOf({ parts, publicRooms, privateRoom, privateMembers }, ids, { seed, nodes, deployment }) {
  return {
    seed,
    nodes,
    graceMs: deployment ? FOREIGN_GRACE_MS : GRACE_MS,
    clients: parts.map(({ name, role, username }) => ({ name, role, user: ids.get(username) ?? 0 })),
    rooms: [
      ...publicRooms.map((slug) => ({ slug, isPrivate: false, members: [] })),
      { slug: privateRoom, isPrivate: true, members: privateMembers.map((username) => ids.get(username) ?? 0) },
    ],
  };
}
