import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { chown, mkdir } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { execFileSync } from 'node:child_process';
import { run } from './child.mjs';
import { freePort } from '../../scripts/free-port.mjs';

const USER = 'postgres';
const INSTALLED = '/usr/lib/postgresql';

/** @type {Set<PostgreSql>} */
const running = new Set();
process.on('exit', () => {
  for (const database of running) database.signalAll('SIGKILL');
});

/** A PostgreSQL of the run's own, as durable as one in production: crashes are among its faults. */
export class PostgreSql {
  #folder;
  #binaries;
  #port;

  /** @param {string} folder @param {string} binaries @param {number} port */
  constructor(folder, binaries, port) {
    this.#folder = folder;
    this.#binaries = binaries;
    this.#port = port;
  }

  /** @param {string} folder that exists @returns {Promise<PostgreSql>} started, and empty */
  static async create(folder) {
    const binaries = findBinaries();
    if (!binaries) throw new Error('The fault suite needs PostgreSQL, in /usr/lib/postgresql/<version>/bin');
    const database = new PostgreSql(join(folder, 'postgresql'), binaries, await freePort());
    await mkdir(database.#folder);
    if (isRoot()) await chown(database.#folder, ...ownerIds());
    await database.#run('initdb', '-U', USER, '-A', 'trust', '-E', 'UTF8', '--no-locale', '-D', database.#data);
    await database.start();
    return database;
  }

  get url() {
    return `postgres://${USER}@127.0.0.1:${this.#port}/postgres`;
  }

  async start() {
    const settings = `-p ${this.#port} -k ${this.#folder} -c listen_addresses=127.0.0.1 -c shared_buffers=32MB`;
    running.add(this);
    await this.#run('pg_ctl', 'start', '-s', '-w', '-D', this.#data, '-l', join(this.#folder, 'log'), '-o', settings);
  }

  /** Without a checkpoint, and without a word to its clients: the next start recovers from the log. */
  async crash() {
    await this.#run('pg_ctl', 'stop', '-s', '-w', '-m', 'immediate', '-D', this.#data);
    running.delete(this);
  }

  freeze() {
    this.signalAll('SIGSTOP');
  }

  thaw() {
    this.signalAll('SIGCONT');
  }

  /** The postmaster first: a stopped one has no further children. @param {NodeJS.Signals} signal */
  signalAll(signal) {
    const postmaster = this.#pid;
    if (postmaster === undefined) return;
    sendSignal(postmaster, signal);
    for (const child of childrenOf(postmaster)) sendSignal(child, signal);
  }

  async destroy() {
    if (!running.has(this)) return;
    this.thaw();
    await this.crash().catch(() => this.signalAll('SIGKILL'));
    running.delete(this);
  }

  get #data() {
    return join(this.#folder, 'data');
  }

  get #pid() {
    const file = join(this.#data, 'postmaster.pid');
    return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : undefined;
  }

  /** It refuses to run as root. @param {string} program @param {...string} args */
  async #run(program, ...args) {
    const file = join(this.#binaries, program);
    const command = isRoot() ? ['runuser', '-u', USER, '--', file, ...args] : [file, ...args];
    await run(/** @type {string} */ (command[0]), command.slice(1), {
      cwd: '/',
      log: join(this.#folder, '..', 'postgresql-commands.log'),
    });
  }
}

/** @returns {string | undefined} the newest version's */
export function findBinaries() {
  if (!existsSync(INSTALLED)) return undefined;
  return readdirSync(INSTALLED)
    .sort((a, b) => Number(a) - Number(b))
    .map((version) => join(INSTALLED, version, 'bin'))
    .filter((path) => existsSync(join(path, 'initdb')))
    .at(-1);
}

function isRoot() {
  return userInfo().uid === 0;
}

/** @returns {[uid: number, gid: number]} */
function ownerIds() {
  const idOf = (/** @type {string} */ flag) => Number(execFileSync('id', [flag, USER], { encoding: 'utf8' }));
  return [idOf('-u'), idOf('-g')];
}

/** @param {number} pid */
function childrenOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** @param {number} pid @param {NodeJS.Signals} signal */
function sendSignal(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended.
  }
}
