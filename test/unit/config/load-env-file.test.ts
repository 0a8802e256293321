import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ConfigurationError } from '../../../src/config/configuration-error.js';
import { loadEnvFile } from '../../../src/config/load-env-file.js';

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'milonga-env-'));
  path = join(directory, '.env');
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

test('a file that is not there changes nothing', () => {
  const env = { A: 'real' };
  loadEnvFile(env, path);
  expect(env).toEqual({ A: 'real' });
});

test('what was there before wins over the file, the empty text too', () => {
  writeFileSync(path, '# comment\nA=file\nB=file\nC=file\nD="-----BEGIN-----\\nx"\n');
  const env = { A: 'real', B: '' };
  loadEnvFile(env, path);
  expect(env).toEqual({ A: 'real', B: '', C: 'file', D: '-----BEGIN-----\nx' });
});

test('what is no readable file is a clear error', () => {
  mkdirSync(path);
  expect(() => {
    loadEnvFile({}, path);
  }).toThrow(ConfigurationError);
});
