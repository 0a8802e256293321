/**
 * What browsers load, into `dist/`: the client SDK as one ES module and as one classic script, its React hooks, and the pages.
 * Types are tsc's business (`npm run build`, `npm run check:types`). With `--watch` it stays and builds on every change.
 */
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { build, context } from 'esbuild';

process.chdir(join(import.meta.dirname, '..'));

/** Every browser of the last five years, and Node. */
const TARGET = 'es2022';

const PAGES = { demo: '.', admin: 'admin' };

const client = { entryPoints: ['src/client/index.ts'] };
const isWatching = process.argv.includes('--watch');

await Promise.all([
  bundle({ ...client, format: 'esm', outfile: 'dist/client/milonga.js' }, serveClient),
  bundle({ ...client, format: 'iife', globalName: 'Milonga', outfile: 'dist/client/milonga.global.js' }, serveClient),
  bundle({ entryPoints: ['src/client/react/index.ts'], external: ['react'], outfile: 'dist/client/react.js' }),
  ...Object.entries(PAGES).map(([page, place]) => buildPage(`web/${page}`, join('dist/web', place))),
]);
cpSync('web/icon.svg', 'dist/web/icon.svg');

/**
 * @param {import('esbuild').BuildOptions} options
 * @param {() => void} built what else is to be done after each build
 */
async function bundle(options, built = () => undefined) {
  const whole = {
    format: 'esm',
    bundle: true,
    minify: true,
    sourcemap: true,
    target: TARGET,
    logLevel: 'warning',
    plugins: [{ name: 'built', setup: ({ onEnd }) => onEnd(built) }],
    ...options,
  };
  if (isWatching) await (await context(whole)).watch();
  else await build(whole);
}

/** The standalone server hands the client to any page. */
function serveClient() {
  cpSync('dist/client', 'dist/web/client', { recursive: true, filter: (path) => !path.includes('react') });
}

/** A page is its `index.html`, the `main.js` and `main.css` of its `main` script, and nothing else. */
async function buildPage(source, destination) {
  if (!existsSync(source)) return;
  const options = { jsx: 'automatic', jsxImportSource: 'preact', outfile: join(destination, 'main.js') };
  await bundle({ entryPoints: [`./${source}/main`], ...options }, () =>
    cpSync(`${source}/index.html`, join(destination, 'index.html')),
  );
}
