/**
 * What browsers load, into `dist/`: the client SDK as one ES module and as one classic script, its React hooks, and the pages.
 * Types are tsc's business (`npm run build`, `npm run check:types`).
 */
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

process.chdir(join(import.meta.dirname, '..'));

/** Every browser of the last five years, and Node. */
const TARGET = 'es2022';

/** @type {import('esbuild').BuildOptions} */
const common = { bundle: true, minify: true, sourcemap: true, target: TARGET, logLevel: 'warning' };

const PAGES = { demo: '.', admin: 'admin' };

await Promise.all([
  build({ ...common, entryPoints: ['src/client/index.ts'], format: 'esm', outfile: 'dist/client/milonga.js' }),
  build({
    ...common,
    entryPoints: ['src/client/index.ts'],
    format: 'iife',
    globalName: 'Milonga',
    outfile: 'dist/client/milonga.global.js',
  }),
  build({
    ...common,
    entryPoints: ['src/client/react/index.ts'],
    format: 'esm',
    external: ['react'],
    outfile: 'dist/client/react.js',
  }),
  ...Object.entries(PAGES).map(([page, place]) => buildPage(`web/${page}`, join('dist/web', place))),
]);
cpSync('web/icon.svg', 'dist/web/icon.svg');
// The standalone server hands the client to any page.
cpSync('dist/client', 'dist/web/client', { recursive: true, filter: (path) => !path.includes('react') });

/** A page is its `index.html`, the `main.js` and `main.css` of its `main` script, and nothing else. */
async function buildPage(source, destination) {
  if (!existsSync(source)) return;
  await build({
    ...common,
    entryPoints: [`./${source}/main`],
    format: 'esm',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    outfile: join(destination, 'main.js'),
  });
  cpSync(`${source}/index.html`, join(destination, 'index.html'));
}
