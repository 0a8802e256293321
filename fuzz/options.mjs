import { randomInt } from 'node:crypto';
import process from 'node:process';
import { parseArgs } from 'node:util';

export const USAGE = `npm run fuzz -- [options]

Sends frames that are wrong in every way, on many connections, to a server that it starts itself with a heap of 128 MB:
it must answer each as the protocol says, end connections only with the codes that fit, serve a bystander all along,
and be no larger afterwards.

  --frames <n>       how many (200,000)
  --seed <text>      which (a new one, which is printed)
  --connections <n>  at the same time (16)
  --database <url>   a PostgreSQL database that the server may fill (an embedded one)
`;

/**
 * @typedef {object} Options
 * @property {number} frames
 * @property {string} seed
 * @property {number} connections
 * @property {string | undefined} database
 * @property {boolean} help
 */

/** @returns {Options} @throws Error with one clear line */
export function parseOptions(args = process.argv.slice(2)) {
  const { values } = parseArgs({
    args,
    options: {
      frames: { type: 'string', default: '200000' },
      seed: { type: 'string' },
      connections: { type: 'string', default: '16' },
      database: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  return {
    frames: whole('--frames', values.frames, 100_000_000),
    seed: values.seed ?? String(randomInt(1_000_000)),
    connections: whole('--connections', values.connections, 1_000),
    database: values.database,
    help: values.help,
  };
}

/** @param {string} name @param {string} text @param {number} most */
function whole(name, text, most) {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > most)
    throw new Error(`${name} must be a whole number from 1 on`);
  return value;
}
