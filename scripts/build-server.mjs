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
    onLoad({ filter: /@nestjs[/\\](typeorm|platform-ws)[/\\].*\.js$/ }, ({ path }) => {
      const contents = readFileSync(path, 'utf8')
        .replace('const require = createRequire(import.meta.url);', '')
        .replaceAll('createRequire(import.meta.url)(', 'require(');
      if (contents.includes('createRequire(')) throw new Error('It makes its require in a way that is not known here');
      return { contents };
    });
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
  // Nest logs under the names of classes, and our logger tells by them what is not for operators.
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
