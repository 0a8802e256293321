import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, describe, test } from '@jest/globals';
import { transformFile } from '@swc/core';
import { DataDirInUseError, DataDirLock } from '../../src/database/embedded/data-dir-lock.js';
import { bounded } from '../support/waiting.js';

interface Outcome {
  readonly held: boolean;
  readonly error?: string;
}

const SOURCE = fileURLToPath(new URL('../../src/database/embedded/data-dir-lock.ts', import.meta.url));
const HOLDER = fileURLToPath(new URL('./hold-lock.js', import.meta.url));

describe('DataDirLock', () => {
  let compiled: string;
  let dataDir: string;
  const children = new Set<ChildProcess>();

  beforeAll(async () => {
    // Other processes load it without jest, which transforms TypeScript only for itself.
    compiled = join(await mkdtemp(join(tmpdir(), 'milonga-test-')), 'data-dir-lock.mjs');
    const { code } = await transformFile(SOURCE, {
      swcrc: false,
      module: { type: 'es6' },
      jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    });
    await writeFile(compiled, code);
  });

  afterAll(async () => rm(join(compiled, '..'), { recursive: true }));

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'milonga-test-'));
  });

  afterEach(async () => {
    for (const child of children) await end(child);
    await rm(dataDir, { recursive: true });
  });

  async function startProcess(): Promise<ChildProcess> {
    const child = fork(HOLDER, [pathToFileURL(compiled).href, dataDir], { execArgv: [], env: {} });
    children.add(child);
    await bounded(once(child, 'message'), 'The process is ready');
    return child;
  }

  async function acquireIn(child: ChildProcess): Promise<Outcome> {
    const answer = once(child, 'message');
    child.send('acquire');
    const [outcome] = (await bounded(answer, 'The process says how it went')) as [Outcome];
    return outcome;
  }

  async function holderProcess(): Promise<ChildProcess> {
    const child = await startProcess();
    expect(await acquireIn(child)).toEqual({ held: true });
    return child;
  }

  async function end(child: ChildProcess): Promise<void> {
    children.delete(child);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }

  test('refuses while another process holds it, and says which and what', async () => {
    const { pid } = await holderProcess();
    const refused = DataDirLock.acquire(dataDir);
    await expect(refused).rejects.toBeInstanceOf(DataDirInUseError);
    await expect(refused).rejects.toMatchObject({
      holderPid: pid,
      message: `DATA_DIR ${dataDir} is in use by process ${pid}: the embedded database serves one process at a time`,
    });
  });

  test('is free again once released', async () => {
    const lock = await DataDirLock.acquire(dataDir);
    await expect(DataDirLock.acquire(dataDir)).rejects.toBeInstanceOf(DataDirInUseError);
    await lock.release();
    await (await DataDirLock.acquire(dataDir)).release();
    expect(await readdir(join(dataDir, 'lock'))).toEqual([]);
  });

  test('is free at once after a kill -9 of the holder', async () => {
    await end(await holderProcess());
    const lock = await DataDirLock.acquire(dataDir);
    expect(await readdir(join(dataDir, 'lock'))).toHaveLength(1);
    await lock.release();
  });

  test('is held by a process that is stopped', async () => {
    const holder = await holderProcess();
    holder.kill('SIGSTOP');
    // Every probe waits in the queue of the stopped process; a full queue must not look like a dead one.
    for (let attempt = 0; attempt < 600; attempt++) {
      await expect(DataDirLock.acquire(dataDir)).rejects.toBeInstanceOf(DataDirInUseError);
    }
  });

  test.each([false, true])(
    'goes to exactly one of several that start at once (after a crash: %p)',
    async (crashed) => {
      const contenders = await Promise.all(Array.from({ length: 4 }, startProcess));
      for (let round = 0; round < 5; round++) {
        if (crashed) await end(await holderProcess());
        const outcomes = await Promise.all(contenders.map(acquireIn));
        expect(outcomes.filter(({ held }) => held)).toHaveLength(1);
        for (const { held, error } of outcomes) if (!held) expect(error).toMatch(/^DataDirInUseError: .* is in use/);
        for (const [i, contender] of contenders.entries()) {
          await end(contender);
          contenders[i] = await startProcess();
        }
      }
    },
    60_000,
  );

  test('works however long the path of the directory is', async () => {
    const deep = join(dataDir, 'd'.repeat(120), 'd'.repeat(120));
    await mkdir(deep, { recursive: true });
    const lock = await DataDirLock.acquire(deep);
    await expect(DataDirLock.acquire(deep)).rejects.toBeInstanceOf(DataDirInUseError);
    await lock.release();
  });

  test('does not take a process with the pid of the holder for the holder', async () => {
    // As in a container, where every server is process 1.
    await mkdir(join(dataDir, 'lock'));
    await writeFile(join(dataDir, 'lock', `${process.pid}-0123456789abcdef`), '');
    await (await DataDirLock.acquire(dataDir)).release();
  });
});
