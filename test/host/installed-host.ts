import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const NO_NETWORK = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED/;

/** What a Nest application has installed beside us. */
const OWN_PACKAGES = ['@nestjs/common', '@nestjs/core', '@nestjs/platform-express', 'reflect-metadata', 'rxjs'];

/** A folder of its own with the packed package and the compiled host application in it. */
export interface InstalledHost {
  readonly main: string;
  readonly folder: string;
}

/**
 * Packs the package as it would be published, installs it from that file in an empty folder, and compiles the host
 * application there against the packed types.
 *
 * @returns undefined when the registry cannot be reached
 */
export async function installHost(): Promise<InstalledHost | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'milonga-host-'));
  cpSync(new URL('./app', import.meta.url), join(folder, 'src'), { recursive: true });
  writeJson(join(folder, 'package.json'), { private: true, type: 'module', dependencies: ownPackages() });
  writeJson(join(folder, 'tsconfig.json'), {
    compilerOptions: {
      target: 'es2022',
      module: 'nodenext',
      strict: true,
      skipLibCheck: true,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
      rootDir: 'src',
      outDir: 'dist',
      typeRoots: [join(ROOT, 'node_modules/@types')],
      types: ['node'],
    },
    include: ['src'],
  });

  const packed = await npm(ROOT, 'pack', '--ignore-scripts', '--pack-destination', folder);
  const tarball = join(folder, packed.trim().split('\n').at(-1)!);
  try {
    await npm(folder, 'install', '--omit=dev', '--prefer-offline', '--no-audit', '--no-fund', tarball);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    if (NO_NETWORK.test(String(error))) return undefined;
    throw error;
  }
  await tsc(folder);
  return { folder, main: join(folder, 'dist/main.js') };
}

function ownPackages(): Record<string, string> {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  return Object.fromEntries(OWN_PACKAGES.map((name) => [name, dependencies[name]!]));
}

async function npm(folder: string, ...args: string[]): Promise<string> {
  const { stdout } = await run('npm', args, { cwd: folder });
  return stdout;
}

async function tsc(folder: string): Promise<void> {
  try {
    await run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', folder]);
  } catch (error) {
    throw new Error(`The host does not compile:\n${(error as { stdout: string }).stdout}`, { cause: error });
  }
}

function writeJson(path: string, value: unknown): void {
  writeFileSync(path, JSON.stringify(value, null, 2));
}
