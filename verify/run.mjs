/**
 * `npm run verify`: does the server keep its promises while everything around it fails? See `--help`.
 */
import process from 'node:process';
import { check } from './checker/check.mjs';
import { readHistory } from './history/file.mjs';
import { USAGE, parseOptions } from './options.mjs';
import { printReport } from './report/print.mjs';
import { Verification } from './verification.mjs';

const say = (/** @type {string} */ line) => void process.stdout.write(`${line}\n`);

try {
  const options = parseOptions();
  if (options.help) {
    process.stdout.write(USAGE);
  } else if (options.check !== undefined) {
    const history = await readHistory(options.check);
    const violations = check(history);
    printReport(history, violations, say);
    if (violations.length > 0) process.exitCode = 1;
  } else {
    await verify(options);
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}

/** @param {import('./options.mjs').Options} options */
async function verify(options) {
  const verification = new Verification(options, say);
  if (options.isPlanOnly) {
    verification.printPlan();
    return;
  }
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
    process.once(signal, () => {
      void verification.stop({ keepsLogs: false }).finally(() => process.exit(1));
    });
  }
  if (!(await verification.run())) process.exitCode = 1;
}
