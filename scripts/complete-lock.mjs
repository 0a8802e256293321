/**
 * Puts back into package-lock.json what `npm install` sometimes leaves out: the optional packages made for platforms
 * other than the one it runs on (npm issue 4828). Without them `npm ci` refuses the lock file. Run it after a change of
 * the dependencies: `npm run complete-lock`.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const LOCK_FILE = new URL('../package-lock.json', import.meta.url);
const PLATFORM =
  /(?<os>android|darwin|freebsd|linux|openharmony|win32)-(?<cpu>arm64|arm|ia32|loong64|ppc64|riscv64|s390x|x64)(?:-(?<abi>\w+))?$/;

const lock = JSON.parse(readFileSync(LOCK_FILE, 'utf8'));

for (const owner of Object.values(lock.packages)) {
  for (const [name, range] of Object.entries(owner.optionalDependencies ?? {})) {
    const platform = PLATFORM.exec(name)?.groups;
    if (!platform || lock.packages[`node_modules/${name}`]) continue;
    const libc = { gnu: 'glibc', glibc: 'glibc', musl: 'musl' }[platform.abi];
    lock.packages[`node_modules/${name}`] = {
      version: range,
      cpu: [platform.cpu],
      ...(owner.dev && { dev: true }),
      ...(libc && { libc: [libc] }),
      license: owner.license,
      optional: true,
      os: [platform.os],
    };
    console.log(`Added ${name} ${range}`);
  }
}

const sorted = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
writeFileSync(LOCK_FILE, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`);
