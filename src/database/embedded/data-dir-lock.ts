import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rename, rm, symlink } from 'node:fs/promises';
import { type Server, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Name of a claim that counts: `<pid>-<random>`. A claim that is being made ends in `.new`. */
const CLAIM = /^(\d+)-[0-9a-f]+$/;

export class DataDirInUseError extends Error {
  override readonly name = 'DataDirInUseError';

  constructor(
    readonly dataDir: string,
    /** As the holder sees it: in another container it may be anything. */
    readonly holderPid: number,
  ) {
    super(`DATA_DIR ${dataDir} is in use by process ${holderPid}: the embedded database serves one process at a time`);
  }
}

/**
 * At most one process at a time holds a data directory. PGlite itself does not care: of two processes in one
 * directory, one loses all that it stored.
 *
 * A claim is a listening unix socket `lock/<pid>-<random>` in the directory. Whether its process lives is asked of the
 * kernel, by connecting: that works for one that is stopped, is refused at once after a kill -9, and does not confuse
 * two containers in both of which the server is process 1. (A pid file can do none of this; Node has no flock.)
 *
 * To acquire: look for claims that live, publish one's own, look again. Of two processes at least the later to publish
 * sees the other, so both cannot hold the lock. Who sees another the second time withdraws and begins anew; of several
 * starting at once, the last to withdraw sees nobody, so one gets it. A socket is published by renaming it when it
 * already listens, and no name is ever used again: hence a claim that refuses is dead for good, and anybody may remove
 * it, without a race.
 */
export class DataDirLock {
  private constructor(
    private readonly path: string,
    private readonly server: Server,
  ) {}

  /** @throws DataDirInUseError when a living process holds `dataDir`, which must exist */
  static async acquire(dataDir: string): Promise<DataDirLock> {
    const directory = join(resolve(dataDir), 'lock');
    await mkdir(directory, { recursive: true, mode: 0o700 });
    return withShortPath(directory, async (shortPath) => {
      for (;;) {
        const holder = await findLivingClaim(shortPath);
        if (holder) throw new DataDirInUseError(dataDir, pidOf(holder));
        const name = `${process.pid}-${randomBytes(8).toString('hex')}`;
        const lock = new DataDirLock(join(directory, name), await publish(shortPath, name));
        if (!(await findLivingClaim(shortPath, name))) return lock;
        await lock.release();
        await delay(Math.random() * 20);
      }
    });
  }

  async release(): Promise<void> {
    await rm(this.path, { force: true });
    this.server.close();
    await once(this.server, 'close');
  }
}

/** Opens a socket in `directory` and lets it appear as `name` when it listens. */
async function publish(directory: string, name: string): Promise<Server> {
  const server = createServer((probe) => probe.destroy());
  // The lock lives as long as the process; it must not keep the process alive.
  server.unref();
  const draft = join(directory, `${name}.new`);
  server.listen(draft);
  await once(server, 'listening');
  await rename(draft, join(directory, name));
  return server;
}

/** The name of a claim other than `own` whose process lives. Removes those whose process is gone. */
async function findLivingClaim(directory: string, own?: string): Promise<string | undefined> {
  for (const name of await readdir(directory)) {
    if (name === own || !CLAIM.test(name)) continue;
    const path = join(directory, name);
    if (await isAnswered(path)) return name;
    await rm(path, { force: true });
  }
  return undefined;
}

/** Whether a process listens on the socket. What leaves that open (no permission, a full queue) counts as yes. */
async function isAnswered(path: string): Promise<boolean> {
  const probe = connect(path);
  try {
    await once(probe, 'connect');
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code !== 'ECONNREFUSED' && code !== 'ENOENT';
  } finally {
    probe.destroy();
  }
}

function pidOf(claim: string): number {
  return Number(CLAIM.exec(claim)?.[1]);
}

/** A socket's path holds about 107 bytes; through a symbolic link any directory has a path that is shorter. */
async function withShortPath<T>(directory: string, use: (shortPath: string) => Promise<T>): Promise<T> {
  const temporary = await mkdtemp(join(tmpdir(), 'milonga-'));
  try {
    const link = join(temporary, 'lock');
    await symlink(directory, link);
    return await use(link);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
