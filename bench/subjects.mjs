/** The servers that are compared. */
import { versionOf } from './harness/install.mjs';

/**
 * @typedef {object} Subject
 * @property {string} name
 * @property {string} script below the repository's root
 * @property {string} dialect of the generator
 * @property {boolean} stores whether it keeps every message in PostgreSQL
 * @property {Record<string, string>} environment
 */

/** Limits are counted as ever, and are never reached. */
const MILONGA_ENVIRONMENT = {
  HOST: '127.0.0.1',
  LOG_LEVEL: 'warn',
  RATE_LIMIT_PER_SECOND: '1000000',
  RATE_LIMIT_BURST: '1000000',
};

export const UWEBSOCKETS = 'uWebSockets.js';

/** @returns {Subject[]} Milonga first: the others are compared with it */
export function subjects() {
  const milonga = {
    name: 'Milonga',
    script: 'dist/src/main.js',
    dialect: 'plain',
    stores: true,
    environment: MILONGA_ENVIRONMENT,
  };
  return [
    milonga,
    ...peer(`Socket.IO ${versionOf('socket.io')}`, 'socket-io', 'socketIo'),
    ...peer(`ws ${versionOf('ws')}`, 'ws', 'plain'),
    ...peer(`${UWEBSOCKETS} ${versionOf('@trufflesuite/uws-js-unofficial').split('-')[0]}`, 'uwebsockets', 'plain'),
  ];
}

/** @param {string} name @param {string} file @param {string} dialect @returns {Subject[]} */
function peer(name, file, dialect) {
  const common = { script: `bench/peers/${file}.mjs`, dialect, environment: {} };
  return [
    { ...common, name, stores: false },
    { ...common, name: `${name}, storing`, stores: true },
  ];
}
