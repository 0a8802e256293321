import 'reflect-metadata';
import { setFlagsFromString } from 'node:v8';
import { parseEnvironment } from './config/environment.js';
import { loadEnvFile } from './config/load-env-file.js';
import { checkOpenFileLimit, openFileLimit } from './http/open-files.js';
import { endOnFault, surviveClosedOutput } from './process-faults.js';

// The old generation is collected when it has grown to four times what was alive, V8's own most. By itself V8 lets a small
// heap grow by little, and buffers of frames, which count, then have it collected each 200 ms (docs/performance.md).
setFlagsFromString('--heap-growing-percent=300');
// V8 compiles the embedded database's code quickly, and a function of it again, thoroughly, once it has been used much. By
// its own measure what a start does is much already; this is a hundred times that (docs/architecture.md).
setFlagsFromString('--wasm-tiering-budget=180000000');
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
