import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';

interface LockedPackage {
  version: string;
  dev?: boolean;
  deprecated?: string;
  engines?: { node?: string };
  optionalDependencies?: Record<string, string>;
}

const lock = JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8')) as {
  packages: Record<string, LockedPackage>;
};
const packages = Object.entries(lock.packages)
  .filter(([path]) => path !== '')
  .map(([path, locked]) => ({ name: path.split('node_modules/').at(-1)!, ...locked }));

/** The oldest version without a known hole; where several majors are kept alive, one for each. */
const FLOORS: Record<string, string[]> = {
  'body-parser': ['1.20.3', '2.2.1'],
  'brace-expansion': ['1.1.12', '2.0.2', '4.0.1'],
  braces: ['3.0.3'],
  cookie: ['0.7.0'],
  'cross-spawn': ['7.0.5'],
  express: ['4.20.0', '5.0.1'],
  glob: ['10.5.0', '11.1.0'],
  'js-yaml': ['3.14.2', '4.1.1'],
  jsonwebtoken: ['9.0.0'],
  micromatch: ['4.0.8'],
  multer: ['2.0.2'],
  'path-to-regexp': ['0.1.12', '8.0.0'],
  qs: ['6.14.1'],
  send: ['0.19.0', '1.1.0'],
  'serve-static': ['1.16.0', '2.1.0'],
  typeorm: ['0.3.26', '1.0.0'],
  validator: ['13.15.22'],
  ws: ['8.17.1'],
};

/** Packages of which exactly one copy, of exactly this version, may be installed. */
const PINNED: Record<string, string> = {
  // The platform's adapter and ours must share one WebSocket class.
  ws: '8.22.0',
  // Its socket server accepts only this version.
  '@electric-sql/pglite': '0.5.14',
  // The last one for Node 20.
  'file-type': '21.3.4',
};

function compare(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

function majorOf(version: string): number {
  return Number.parseInt(version, 10);
}

function isAtLeast(version: string, floors: string[]): boolean {
  const floor = floors.find((candidate) => majorOf(candidate) >= majorOf(version));
  return floor === undefined || compare(version, floor) >= 0;
}

/** Whether a package.json's `engines.node` lets Node 20.19 in: enough of the range grammar for what packages write there. */
function acceptsNode20(range: string): boolean {
  return range.split('||').some((alternative) => {
    const [, operator, version = '', minor = '0'] = /^\s*(>=|>|\^|~)?\s*v?(\d+)(?:\.(\d+))?/.exec(alternative) ?? [];
    if (version === '') return true;
    if (operator === '>=' || operator === '>') return compare(`${version}.${minor}`, '20.19') <= 0;
    return version === '20' && Number(minor) <= 19;
  });
}

describe('the locked dependencies', () => {
  it.each(Object.entries(FLOORS))('have %s at %j or later', (name, floors) => {
    const tooOld = packages.filter((locked) => locked.name === name && !isAtLeast(locked.version, floors));
    expect(tooOld.map(({ version }) => version)).toEqual([]);
  });

  it.each(Object.entries(PINNED))('have one copy of %s, of version %s', (name, version) => {
    expect(packages.filter((locked) => locked.name === name).map((locked) => locked.version)).toEqual([version]);
  });

  it('hold nothing deprecated', () => {
    expect(packages.filter(({ deprecated }) => deprecated).map(({ name }) => name)).toEqual([]);
  });

  it('accept Node 20.19 where they run in production', () => {
    const tooNew = packages.filter(({ dev, engines }) => !dev && engines?.node && !acceptsNode20(engines.node));
    expect(tooNew.map(({ name, engines }) => `${name}: ${String(engines?.node)}`)).toEqual([]);
  });

  it('name the optional packages of every platform, or `npm ci` refuses the file (npm run complete-lock adds them)', () => {
    const names = new Set(packages.map(({ name }) => name));
    const missing = packages.flatMap(({ optionalDependencies }) =>
      Object.keys(optionalDependencies ?? {}).filter((name) => !names.has(name)),
    );
    expect(missing).toEqual([]);
  });
});

describe('the reading of `engines.node`', () => {
  it.each(['>=20.19.0', '>= 18', '^20.19.0 || ^22.12.0 || >=23', '6.* || 8.* || >= 10.*', '*', '^16 || ^18 || >=20'])(
    'lets Node 20.19 into %s',
    (range) => {
      expect(acceptsNode20(range)).toBe(true);
    },
  );

  it.each(['>=22', '>=20.20.0', '^22.13.0 || >=24', '^18'])('keeps it out of %s', (range) => {
    expect(acceptsNode20(range)).toBe(false);
  });
});
