import { Injectable } from '@nestjs/common';
import { Database } from './database.js';

const PROBE = { name: 'database.probe', text: 'SELECT 1' };
const PROBE_DEADLINE_MS = 1_000;

/** Whether the database can be asked: a part of readiness. */
@Injectable()
export class DatabaseHealth {
  private probe: Promise<boolean> | undefined;

  constructor(private readonly database: Database) {}

  /** Answers within a second. Calls that come while a probe is under way share it. */
  check(): Promise<boolean> {
    this.probe ??= this.ask().finally(() => (this.probe = undefined));
    return this.probe;
  }

  private async ask(): Promise<boolean> {
    try {
      await this.database.query(PROBE, [], PROBE_DEADLINE_MS);
      return true;
    } catch {
      return false;
    }
  }
}
