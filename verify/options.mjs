import { randomInt } from 'node:crypto';
import process from 'node:process';
import { parseArgs } from 'node:util';

export const USAGE = `npm run verify -- [options]

Clients join, leave, send, drop and come back while nodes, Redis, PostgreSQL and links fail; then the history of it all is
checked against the promises P1 to P10 of docs/protocol.md. About half of the clients resume (protocol 2), the others read
history through REST; the nodes' REPLAY_LIMIT is 500 or 20. The seed decides both.

  --seed <text>        what the run does by chance (a new one, which is printed)
  --minutes <n>        length of the load (1)
  --nodes <n>          nodes (3); several need redis-server
  --clients <n>        clients (24)
  --faults <names>     only these kinds of faults (comma list)
  --mixed              several nodes may be down at once
  --plan               prints the plan of faults, and ends
  --history <file>     writes every event there, as JSON lines
  --check <file>       only checks such a file

A deployment of your own, without faults. It makes users, rooms and messages of its own there, and removes them:
  --url <ws://…>       of each node, or of the load balancer (repeat it)
  --secret <text>      its JWT_SECRET
  --database <url>     its DATABASE_URL
`;

/**
 * @typedef {object} Options
 * @property {string} seed
 * @property {number} milliseconds
 * @property {number} nodes
 * @property {number} clients
 * @property {string[]} faults
 * @property {boolean} isMixed
 * @property {boolean} isPlanOnly
 * @property {string | undefined} history
 * @property {string | undefined} check
 * @property {{ urls: string[], secret: string, databaseUrl: string } | undefined} deployment
 * @property {boolean} help
 */

/** @param {string[]} args @returns {Options} @throws Error with one clear line */
export function parseOptions(args = process.argv.slice(2)) {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: 'string' },
      minutes: { type: 'string', default: '1' },
      nodes: { type: 'string', default: '3' },
      clients: { type: 'string', default: '24' },
      faults: { type: 'string', default: '' },
      mixed: { type: 'boolean', default: false },
      plan: { type: 'boolean', default: false },
      history: { type: 'string' },
      check: { type: 'string' },
      url: { type: 'string', multiple: true, default: [] },
      secret: { type: 'string' },
      database: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const { url: urls, secret, database: databaseUrl } = values;
  const isForeign = urls.length > 0;
  if (isForeign && (secret === undefined || databaseUrl === undefined)) {
    throw new Error('--url needs --secret and --database');
  }
  return {
    seed: values.seed ?? String(randomInt(1_000_000)),
    milliseconds: Math.round(positive('--minutes', values.minutes) * 60_000),
    nodes: isForeign ? urls.length : whole('--nodes', values.nodes),
    clients: whole('--clients', values.clients),
    faults: values.faults.split(',').filter(Boolean),
    isMixed: values.mixed,
    isPlanOnly: values.plan,
    history: values.history,
    check: values.check,
    deployment: isForeign ? { urls, secret: secret ?? '', databaseUrl: databaseUrl ?? '' } : undefined,
    help: values.help,
  };
}

/** @param {Options} options @returns {string} what repeats the run */
export function commandOf({ seed, milliseconds, nodes, clients, faults, isMixed }) {
  const parts = [`--seed ${seed}`, `--minutes ${Number((milliseconds / 60_000).toFixed(4))}`, `--nodes ${nodes}`];
  if (clients !== 24) parts.push(`--clients ${clients}`);
  if (faults.length > 0) parts.push(`--faults ${faults.join(',')}`);
  if (isMixed) parts.push('--mixed');
  return `npm run verify -- ${parts.join(' ')}`;
}

/** @param {string} name @param {string} text */
function positive(name, text) {
  const value = Number(text);
  if (!(value > 0 && value < 10_000)) throw new Error(`${name} must be a number greater than 0`);
  return value;
}

/** @param {string} name @param {string} text */
function whole(name, text) {
  const value = positive(name, text);
  if (!Number.isInteger(value)) throw new Error(`${name} must be a whole number from 1 on`);
  return value;
}
