import { afterAll, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { findBinaries } from '../../verify/cluster/postgresql.mjs';
import { hasRedisServer } from '../../verify/cluster/redis.mjs';

const RUN = fileURLToPath(new URL('../../verify/run.mjs', import.meta.url));
/** Every kind of fault is in the plan of this one. */
const SEED = process.env['VERIFY_SEED'] ?? '1';
const MINUTES = '1';
const WITHIN_MS = 175_000;

const missing = [
  ...(findBinaries() === undefined ? ['PostgreSQL'] : []),
  ...(hasRedisServer() ? [] : ['redis-server']),
].join(' and ');
const given = missing === '' ? test : test.skip;
const reason = missing === '' ? '' : ` [skipped: ${missing} is not installed]`;

let run: ChildProcess | undefined;

afterAll(() => {
  // It stops and removes all that it started.
  if (run?.exitCode === null) run.kill('SIGTERM');
});

given(
  `Three nodes keep every promise while nodes, Redis, PostgreSQL and links fail (seed ${SEED})${reason}`,
  async () => {
    let output = '';
    run = spawn(process.execPath, [RUN, '--seed', SEED, '--minutes', MINUTES], { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [run.stdout, run.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    const code = await new Promise((resolve) => run?.on('close', resolve));

    // Its report says what to look at and how to repeat it.
    if (code !== 0) throw new Error(output);
    expect(output).toMatch(/violations +0\n/);
    process.stdout.write(output);
  },
  WITHIN_MS,
);
