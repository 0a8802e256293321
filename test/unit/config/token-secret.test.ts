import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ConfigurationError } from '../../../src/config/configuration-error.js';
import { resolveTokenSecret } from '../../../src/config/token-secret.js';

let parent: string;
let dataDir: string;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'milonga-secret-'));
  dataDir = join(parent, 'not', 'yet', 'there');
});

afterEach(() => {
  rmSync(parent, { recursive: true });
});

test('is made once and kept, for its owner only', async () => {
  const secret = await resolveTokenSecret(dataDir);
  expect(secret).toMatch(/^[\w-]{43}$/);
  expect(await resolveTokenSecret(dataDir)).toBe(secret);
  expect(readFileSync(join(dataDir, 'jwt-secret'), 'utf8')).toBe(secret);
  expect(statSync(join(dataDir, 'jwt-secret')).mode & 0o777).toBe(0o600);
});

test('all who start at once agree, and leave no drafts behind', async () => {
  const secrets = await Promise.all(Array.from({ length: 20 }, () => resolveTokenSecret(dataDir)));
  expect(new Set(secrets).size).toBe(1);
  expect(readdirSync(dataDir)).toEqual(['jwt-secret']);
});

test('a secret that an operator put there is used', async () => {
  writeFileSync(join(parent, 'jwt-secret'), `${'o'.repeat(32)}\n`);
  expect(await resolveTokenSecret(parent)).toBe('o'.repeat(32));
});

test('a damaged file is an error, not a weak secret', async () => {
  writeFileSync(join(parent, 'jwt-secret'), '');
  await expect(resolveTokenSecret(parent)).rejects.toThrow(/jwt-secret: holds less than 32 bytes/);
});

test('a directory that cannot be made is an error that names DATA_DIR', async () => {
  writeFileSync(join(parent, 'file'), '');
  const attempt = resolveTokenSecret(join(parent, 'file', 'data'));
  await expect(attempt).rejects.toThrow(ConfigurationError);
  await expect(attempt).rejects.toThrow(/^DATA_DIR: no token secret can be kept there \(.*ENOTDIR/);
});
