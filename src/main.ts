import 'reflect-metadata';
import { ConfigurationError } from './config/configuration-error.js';
import { parseEnvironment } from './config/environment.js';
import { loadEnvFile } from './config/load-env-file.js';
import { startServer } from './server.js';

/** Ends the process with one clear line. */
function fail(error: unknown): never {
  const text =
    error instanceof ConfigurationError || !(error instanceof Error) ? String(error) : (error.stack ?? error.message);
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

try {
  loadEnvFile();
  await startServer(parseEnvironment(process.env));
} catch (error) {
  fail(error);
}
