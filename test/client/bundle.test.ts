import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';

const LIMIT = 6 * 1024;

test.each(['milonga.js', 'milonga.global.js'])('%s is at most 6 KB, gzipped', (name) => {
  expect(gzipSync(readFileSync(`dist/client/${name}`), { level: 9 }).length).toBeLessThanOrEqual(LIMIT);
});

test('the classic script makes one global', () => {
  const page = createContext({});
  const found: unknown = runInContext(
    `${readFileSync('dist/client/milonga.global.js', 'utf8')}; Object.keys(Milonga).sort()`,
    page,
  );
  expect(found).toEqual(['MilongaClient', 'MilongaError']);
});

test('the module needs nothing, and the hooks need React alone', () => {
  const importsOf = (name: string) =>
    [...readFileSync(`dist/client/${name}`, 'utf8').matchAll(/(?:from|import)\s*["']([^"']+)["']/g)].map(
      ([, from]) => from,
    );
  expect(importsOf('milonga.js')).toEqual([]);
  expect(importsOf('react.js')).toEqual(['react']);
});

test('the packed module exports what the package promises', async () => {
  // By a variable: the compiler finds no types before there is a build.
  const name = 'milonga/client';
  const module: unknown = await import(name);
  expect(Object.keys(module as object).sort()).toEqual(['MilongaClient', 'MilongaError']);
});
