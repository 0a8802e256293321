import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { MILONGA_OPTIONS, type MilongaOptions } from '../config/options.js';
import type { Backend } from '../database/database-connection.js';
import type { MessageKey } from './message.repository.js';

/** A batch whose messages were refused, but that may stand in the database, or may do so yet. */
export interface UnsettledBatch {
  readonly keys: readonly MessageKey[];
  readonly stamp: string;
  readonly backend: Backend;
}

const ENTRY = /^\d+-\d+\.json$/;

/**
 * Remembers in the data directory what is still to be revoked, so that a refused message stays refused when the process
 * ends before the database is back (P2). Written on a path that is nearly never taken: hence plain files, at once.
 */
@Injectable()
export class RevocationJournal {
  private readonly logger = new Logger(RevocationJournal.name);
  private readonly directory: string;
  private entries = 0;

  constructor(@Inject(MILONGA_OPTIONS) { database }: MilongaOptions) {
    this.directory = join(database.dataDir, 'unsettled');
  }

  /** To be called before the messages are refused. @returns what `settle` takes */
  note(batch: UnsettledBatch): string {
    this.entries += 1;
    const path = join(this.directory, `${Date.now()}-${this.entries}.json`);
    try {
      mkdirSync(this.directory, { recursive: true, mode: 0o700 });
      // Under another name first, so that what has its own name is whole.
      writeFileSync(`${path}.new`, JSON.stringify(batch), { mode: 0o600, flush: true });
      renameSync(`${path}.new`, path);
    } catch (error) {
      this.logger.error(`A batch to be revoked cannot be noted in ${this.directory}: ${String(error)}`);
    }
    return path;
  }

  /** The batch is revoked. */
  settle(path: string): void {
    rmSync(path, { force: true });
  }

  /** What an earlier process left, by path. */
  left(): Map<string, UnsettledBatch> {
    const paths = this.names().map((name) => join(this.directory, name));
    return new Map(paths.map((path) => [path, JSON.parse(readFileSync(path, 'utf8')) as UnsettledBatch]));
  }

  private names(): string[] {
    try {
      return readdirSync(this.directory).filter((name) => ENTRY.test(name));
    } catch {
      return [];
    }
  }
}

/** Whether it is one: another node says so. */
export function isUnsettledBatch(data: unknown): data is UnsettledBatch {
  const { keys, stamp, backend } = (data ?? {}) as { [Name in keyof UnsettledBatch]?: unknown };
  const { pid, startedAt } = (backend ?? {}) as { [Name in keyof Backend]?: unknown };
  return (
    Array.isArray(keys) &&
    keys.every(isMessageKey) &&
    typeof stamp === 'string' &&
    typeof startedAt === 'string' &&
    Number.isInteger(pid)
  );
}

function isMessageKey(key: unknown): boolean {
  const { roomId, userId, slug } = (key ?? {}) as { [Name in keyof MessageKey]?: unknown };
  return [roomId, userId].every(Number.isInteger) && typeof slug === 'string';
}
