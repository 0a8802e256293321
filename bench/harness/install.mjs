import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { BENCH, ROOT } from './paths.mjs';

/**
 * Makes the peers ready to run, in a folder of their own; the product's packages are left alone. No package gets to run
 * a script, and optional ones stay out: they are native accelerators that not every server here would profit from.
 *
 * @throws Error when the product is not built
 */
export function prepare() {
  if (!existsSync(join(ROOT, 'dist', 'src', 'main.js'))) throw new Error('Build the server first: npm run build');
  if (isInstalled()) return;
  process.stdout.write('Installing the peers …\n');
  const options = { cwd: BENCH, stdio: /** @type {const} */ ('inherit') };
  execFileSync('npm', ['ci', '--ignore-scripts', '--omit=optional', '--no-audit', '--no-fund'], options);
}

/** @param {string} name of a peer's package @returns {string} */
export function versionOf(name) {
  return JSON.parse(readFileSync(join(BENCH, 'node_modules', name, 'package.json'), 'utf8')).version;
}

/** npm keeps in node_modules/ the lock of what it installed. */
function isInstalled() {
  const installed = packagesIn(join(BENCH, 'node_modules', '.package-lock.json'));
  return Object.entries(packagesIn(join(BENCH, 'package-lock.json'))).every(
    ([path, { version, optional }]) => path === '' || optional || installed[path]?.version === version,
  );
}

/** @param {string} lockFile @returns {Record<string, { version?: string, optional?: boolean }>} */
function packagesIn(lockFile) {
  return existsSync(lockFile) ? JSON.parse(readFileSync(lockFile, 'utf8')).packages : {};
}
