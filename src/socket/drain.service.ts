import { Inject, Injectable, Logger, type BeforeApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import { MILONGA_OPTIONS, type MilongaOptions } from '../config/options.js';
import { CLOSE_CODE } from '../protocol/index.js';
import type { Connection } from './connection.js';
import { ConnectionRegistry } from './connection-registry.js';
import { SocketHub } from './socket-hub.js';

/** Connections sent away a step: spreads their return, and keeps the process able to finish frames in hand. */
const STEP_SIZE = 100;
const STEP_MS = 50;
/** Between two who come back, where the drain time allows for it. */
const MAX_SLOT_MS = 10;

/**
 * Sends every client away when the application stops: no new upgrades, frames in hand are finished, each connection is
 * told when to come back (TOLD-2) and closed with 1012, all within `drainTimeoutMs`; who has not gone by then is cut off.
 */
@Injectable()
export class DrainService implements OnModuleDestroy, BeforeApplicationShutdown {
  private readonly logger = new Logger(DrainService.name);
  private draining = false;

  constructor(
    @Inject(MILONGA_OPTIONS) private readonly options: MilongaOptions,
    private readonly registry: ConnectionRegistry,
    private readonly hub: SocketHub,
  ) {}

  get isDraining(): boolean {
    return this.draining;
  }

  onModuleDestroy(): void {
    this.draining = true;
    this.hub.stopAccepting();
  }

  async beforeApplicationShutdown(): Promise<void> {
    const deadline = performance.now() + this.options.drainTimeoutMs;
    const connections = [...this.registry.all];
    if (connections.length > 0) this.logger.log(`Sending ${String(connections.length)} connections away`);
    const slotMs = Math.min(this.options.drainTimeoutMs / connections.length, MAX_SLOT_MS);
    for (let i = 0; i < connections.length; i += STEP_SIZE) {
      const step = connections.slice(i, i + STEP_SIZE);
      for (const connection of step) connection.retire();
      await until(() => step.every((connection) => connection.unsettled === 0), deadline);
      for (const [j, connection] of step.entries()) sendAway(connection, (i + j + 1) * slotMs);
    }
    await until(() => this.registry.all.size === 0, deadline);
    for (const connection of this.registry.all) connection.terminate();
  }
}

/** @param retryAfterMs until the slot of its own in which it comes back (TOLD-2) */
function sendAway(connection: Connection, retryAfterMs: number): void {
  if (connection.protocol !== 1) {
    connection.send({ type: 'reconnect', retryAfterMs: Math.round(retryAfterMs) });
  }
  connection.close(CLOSE_CODE.serviceRestart);
}

/** Waits a step's time at least, and until `isTrue` or the deadline (on `performance.now()`). */
async function until(isTrue: () => boolean, deadline: number): Promise<void> {
  do {
    if (performance.now() >= deadline) return;
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  } while (!isTrue());
}
