/**
 * `npm run bench`: what a delivery, an acknowledgement and a connection cost on this server and on others that do the
 * same job. See `--help`, and docs/performance.md for what the numbers mean.
 */
import process from 'node:process';
import { prepare } from './harness/install.mjs';
import { USAGE, parseOptions } from './options.mjs';

try {
  const options = parseOptions();
  if (options.help) {
    process.stdout.write(USAGE);
  } else {
    prepare();
    // Only now are the peers there to be imported.
    const { Bench } = await import('./bench.mjs');
    if (!(await new Bench(options).run())) process.exitCode = 1;
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
