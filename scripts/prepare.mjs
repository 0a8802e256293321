/**
 * Makes a clone ready to run: installs the packages when they are missing or differ from the lock file, and builds when
 * dist/ is missing or older than the sources. `npm start` and `npm test` call it first; when all is ready it is silent.
 */
import { execSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

process.chdir(join(import.meta.dirname, '..'));

const SOURCES = [
  'src',
  'migrations',
  'web',
  'scripts/build-server.mjs',
  'scripts/build-web.mjs',
  'tsconfig.json',
  'tsconfig.build.json',
  'package-lock.json',
];
const BUILT = ['dist/server/main.js', 'dist/web/index.html'];

function run(command) {
  try {
    execSync(command, { stdio: 'inherit' });
  } catch (error) {
    console.error(`"${command}" failed; see above.`);
    process.exit(error.status || 1);
  }
}

function packagesIn(lockFile) {
  return existsSync(lockFile) ? JSON.parse(readFileSync(lockFile, 'utf8')).packages : {};
}

/** npm keeps in node_modules/ the lock of what it installed. Optional packages may be absent: they are for other platforms. */
function isInstalled() {
  const installed = packagesIn('node_modules/.package-lock.json');
  return Object.entries(packagesIn('package-lock.json')).every(
    ([path, { version, optional }]) => path === '' || optional || installed[path]?.version === version,
  );
}

/** The time of the newest change below a path. A folder's own time counts too: it shows files that were removed. */
function newestChange(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat?.isDirectory()) return stat?.mtimeMs ?? 0;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newestChange(join(path, name))));
}

function isBuilt() {
  const newest = Math.max(...SOURCES.map(newestChange));
  return BUILT.every((file) => existsSync(file) && statSync(file).mtimeMs >= newest);
}

if (!isInstalled()) {
  console.log('Installing the packages …');
  run('npm ci --include=dev');
}

if (!isBuilt()) {
  console.log('Building …');
  run('npm run --silent build');
}
