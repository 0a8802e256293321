import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigurationError } from './configuration-error.js';
import { hasCode } from './error-code.js';

const FILE_NAME = 'jwt-secret';
const SECRET_BYTES = 32;

/**
 * The token secret of a server outside production that was given none: made once, then kept in `dataDir`,
 * so that tokens outlive a restart and every process of this directory agrees.
 */
export async function resolveTokenSecret(dataDir: string): Promise<string> {
  const path = join(dataDir, FILE_NAME);
  try {
    const kept = await readIfThere(path);
    if (kept === undefined) await makeSecret(dataDir, path);
    return usable(kept ?? (await readFile(path, 'utf8')), path);
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    throw new ConfigurationError('DATA_DIR', `no token secret can be kept there (${String(error)})`);
  }
}

function usable(text: string, path: string): string {
  const secret = text.trim();
  if (Buffer.byteLength(secret) >= SECRET_BYTES) return secret;
  throw new ConfigurationError(path, `holds less than ${SECRET_BYTES} bytes; delete it to have a new secret made`);
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** The file appears whole or not at all: `link` is atomic and lets only the first of several processes win. */
async function makeSecret(dataDir: string, path: string): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(8).toString('hex')}`;
  try {
    await writeDurably(draft, randomBytes(SECRET_BYTES).toString('base64url'));
    await link(draft, path);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
