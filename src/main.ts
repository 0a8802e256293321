import 'reflect-metadata';
import { parseEnvironment } from './config/environment.js';
import { loadEnvFile } from './config/load-env-file.js';
import { checkOpenFileLimit, openFileLimit } from './http/open-files.js';
import { endOnFault, surviveClosedOutput } from './process-faults.js';

surviveClosedOutput();
try {
  loadEnvFile();
  const options = parseEnvironment(process.env);
  checkOpenFileLimit(openFileLimit());
  // Only now: to load it takes more open files than a process may be allowed.
  const { startServer } = await import('./server.js');
  await startServer(options);
  endOnFault();
} catch (error) {
  process.stderr.write(`Milonga cannot start. ${describe(error)}\n`);
  process.exit(1);
}

/** One clear line for what an operator can mend; for what is a mistake of ours, where it was made. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isOurs = error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError;
  return isOurs ? (error.stack ?? error.message) : error.message;
}
