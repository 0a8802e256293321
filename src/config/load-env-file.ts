import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { ConfigurationError } from './configuration-error.js';
import { hasCode } from './error-code.js';

/** Adds the variables of a file of NAME=value lines, when there is one, to those of `env`, which win. */
export function loadEnvFile(env: NodeJS.ProcessEnv = process.env, path = '.env'): void {
  for (const [name, value] of Object.entries(parseEnv(read(path)))) env[name] ??= value;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return '';
    throw new ConfigurationError(path, `cannot be read (${String(error)})`);
  }
}
