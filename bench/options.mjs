import process from 'node:process';
import { parseArgs } from 'node:util';

export const USAGE = `npm run bench -- [options]

  --quick              smaller sizes, one round: under a minute
  --rounds <n>         rounds (3); each measures every server, one after another
  --only <text>        servers whose name contains one of these (comma list)
  --workloads <names>  of A,B,C,trickle,stuck,herd (comma list)
  --profile <folder>   writes a CPU profile of each measured window there, and prints where time went
`;

/** @returns {{ quick: boolean, rounds: number, only: string[], workloads: string[], profile?: string, help: boolean }} */
export function parseOptions() {
  const { values } = parseArgs({
    args: process.argv.slice(2),
    options: {
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      only: { type: 'string', default: '' },
      workloads: { type: 'string', default: '' },
      profile: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const { quick, help, profile } = values;
  const rounds = Number(values.rounds ?? (quick ? 1 : 3));
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds must be a whole number from 1 on');
  return {
    quick,
    help,
    profile,
    rounds,
    only: list(values.only),
    workloads: list(values.workloads),
  };
}

/** @param {string} text @returns {string[]} in lower case */
function list(text) {
  return text.toLowerCase().split(',').filter(Boolean);
}
