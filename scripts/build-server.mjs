/**
 * The standalone server with its packages in a few files, `dist/server/`, from what `tsc` has compiled: to find, read and
 * link 1,500 modules is most of what a start costs. Not for applications that embed Milonga (`dist/src/index.js`): they
 * bring their own Nest.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

process.chdir(join(import.meta.dirname, '..'));

/**
 * What Nest's packages load through a `require` that they make themselves, which esbuild leaves alone: from node_modules,
 * a second time beside what is bundled.
 *
 * @type {import('esbuild').Plugin}
 */
const ownRequires = {
  name: 'own-requires',
  setup({ onLoad }) {
    onLoad({ filter: /@nestjs[/\\](typeorm|platform-ws)[/\\].*\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8')
        .replace('const require = createRequire(import.meta.url);', '')
        .replaceAll('createRequire(import.meta.url)(', 'require('),
    }));
  },
};

await build({
  entryPoints: ['dist/src/main.js', 'dist/src/database/embedded/embedded-database.worker.js'],
  entryNames: '[name]',
  outdir: 'dist/server',
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: true,
  // Of classes: what Nest logs, and what it tells the log from, are their names.
  keepNames: true,
  // PGlite reads files that lie beside it; the others are absent, and Nest looks whether they are there.
  external: ['@electric-sql/pglite', '@nestjs/microservices*', '@nestjs/platform-socket.io', 'class-transformer'],
  plugins: [ownRequires],
  // Packages that are no ES modules ask for Node's own modules.
  banner: {
    js: "import { createRequire as nodeRequire } from 'node:module'; const require = nodeRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
