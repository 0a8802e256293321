import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { MILONGA_OPTIONS, type HeartbeatOptions, type MilongaOptions } from '../config/options.js';
import type { Ping } from '../protocol/index.js';
import type { Connection } from '../socket/connection.js';
import { NATIVE_PING, encodeFrame } from '../socket/frame-encoder.js';
import { LivenessClock } from '../socket/liveness-clock.js';
import { Traffic } from '../socket/traffic.js';

/** Into so many parts an interval is divided; each connection is pinged in one of them. */
const SLOTS = 30;
const MIN_TICK_MS = 10;

/** The native ping frame and the JSON one, as one write (BEAT-1). */
const PING = Buffer.concat([NATIVE_PING, encodeFrame({ type: 'ping' } satisfies Ping)]);

/**
 * BEAT-1 and BEAT-2: pings every connection once an interval, spread evenly over it, and terminates the ones that
 * have given no sign of life for the time-out.
 */
@Injectable()
export class HeartbeatScheduler implements OnModuleInit, OnModuleDestroy {
  private readonly options: HeartbeatOptions;
  private readonly tickMs: number;
  private readonly slots: Set<Connection>[];
  private readonly slotOf = new Map<Connection, Set<Connection>>();
  private nextSlot = 0;
  private tickedAt = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(MILONGA_OPTIONS) options: MilongaOptions,
    private readonly clock: LivenessClock,
    private readonly traffic: Traffic,
  ) {
    this.options = options.heartbeat;
    this.tickMs = Math.max(this.options.intervalMs / SLOTS, MIN_TICK_MS);
    const slots = Math.max(1, Math.floor(this.options.intervalMs / this.tickMs));
    this.slots = Array.from({ length: slots }, () => new Set<Connection>());
  }

  onModuleInit(): void {
    this.tickedAt = performance.now();
    this.timer = setInterval(() => this.tick(), this.tickMs).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** Takes a connection in; it is pinged for the first time within an interval. */
  watch(connection: Connection): void {
    const emptiest = this.slots.reduce((a, b) => (b.size < a.size ? b : a));
    emptiest.add(connection);
    this.slotOf.set(connection, emptiest);
  }

  unwatch(connection: Connection): void {
    this.slotOf.get(connection)?.delete(connection);
    this.slotOf.delete(connection);
  }

  private tick(): void {
    const now = performance.now();
    // A tick that comes late is the server's own stall: it counts for no more than two.
    this.clock.advance(Math.min(now - this.tickedAt, 2 * this.tickMs));
    this.tickedAt = now;
    const slot = this.slots[this.nextSlot];
    this.nextSlot = (this.nextSlot + 1) % this.slots.length;
    for (const connection of slot ?? []) connection.sendEncoded(PING, 2);
    for (const connection of this.slotOf.keys()) {
      if (connection.silence <= this.options.timeoutMs) continue;
      this.traffic.heartbeatTimeouts += 1;
      connection.terminate();
    }
  }
}
