/** `npm run start:dev`: compiles on every change, pages and client too, and restarts the server when its compiled files change. */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

process.chdir(join(import.meta.dirname, '..'));
rmSync('dist', { recursive: true, force: true });

const tsc = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--watch', '--preserveWatchOutput'];
const compiler = spawn(process.execPath, tsc, { stdio: ['ignore', 'pipe', 'inherit'] });
const pages = spawn(process.execPath, ['scripts/build-web.mjs', '--watch'], {
  stdio: ['ignore', 'inherit', 'inherit'],
});
let server;

compiler.stdout.on('data', (text) => {
  process.stdout.write(text);
  // From here on Node itself watches the files that it loaded.
  if (!server && String(text).includes('Found 0 errors')) {
    server = spawn(process.execPath, ['--watch', '--watch-preserve-output', 'dist/src/main.js'], { stdio: 'inherit' });
    server.on('exit', stop);
  }
});
compiler.on('exit', stop);
pages.on('exit', stop);
process.on('SIGINT', stop);
process.on('SIGTERM', stop);

function stop() {
  compiler.kill();
  pages.kill();
  server?.kill();
}
