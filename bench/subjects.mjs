/** The servers that are compared. */
import { versionOf } from './harness/install.mjs';

/**
 * @typedef {object} Subject
 * @property {string} name
 * @property {string} script below the repository's root
 * @property {string} dialect of the generator
 * @property {'postgres' | 'embedded' | 'none'} database where it keeps every message
 * @property {number} nodes processes that are this server together
 * @property {string[]} runs the names of the workloads that it is measured with
 * @property {Record<string, string>} environment
 */

/** @type {Subject['runs']} */
const COMMON = ['A', 'B', 'C', 'trickle', 'herd'];

/** Limits are counted as ever, and are never reached. */
const MILONGA_ENVIRONMENT = {
  HOST: '127.0.0.1',
  LOG_LEVEL: 'warn',
  RATE_LIMIT_PER_SECOND: '1000000',
  RATE_LIMIT_BURST: '1000000',
};

export const UWEBSOCKETS = 'uWebSockets.js';

/**
 * @param {boolean} quick without those that take long to start, or to become quick
 * @returns {Subject[]} Milonga first: the others are compared with it
 */
export function subjects(quick) {
  const milonga = { script: 'dist/server/main.js', dialect: 'plain', nodes: 1 };
  /** @type {Subject[]} */
  const variants = [
    {
      ...milonga,
      name: 'Milonga, two nodes',
      database: 'postgres',
      nodes: 2,
      runs: ['B', 'C'],
      environment: MILONGA_ENVIRONMENT,
    },
    {
      ...milonga,
      name: 'Milonga, embedded',
      database: 'embedded',
      runs: ['A', 'B', 'C'],
      // How its users are made: nobody else can reach its database.
      environment: { ...MILONGA_ENVIRONMENT, DEMO_LOGIN: 'true' },
    },
  ];
  return [
    { ...milonga, name: 'Milonga', database: 'postgres', runs: [...COMMON, 'stuck'], environment: MILONGA_ENVIRONMENT },
    ...(quick ? [] : variants),
    ...peer(`Socket.IO ${versionOf('socket.io')}`, 'socket-io', 'socketIo'),
    ...peer(`ws ${versionOf('ws')}`, 'ws', 'plain'),
    ...peer(`${UWEBSOCKETS} ${versionOf('@trufflesuite/uws-js-unofficial').split('-')[0]}`, 'uwebsockets', 'plain'),
  ];
}

/** @param {string} name @param {string} file @param {string} dialect @returns {Subject[]} */
function peer(name, file, dialect) {
  const common = { script: `bench/peers/${file}.mjs`, dialect, nodes: 1, runs: COMMON, environment: {} };
  return [
    { ...common, name, database: 'none' },
    { ...common, name: `${name}, storing`, database: 'postgres' },
  ];
}
