import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { withDeadline } from '../batching/with-deadline.js';
import { Bus } from '../cluster/bus.js';
import { ClusterNodes } from '../cluster/cluster-nodes.js';
import { countOf, UserLinks } from '../presence/user-links.js';
import { CLOSE_CODE } from '../protocol/index.js';
import type { Connection } from '../socket/connection.js';
import { ConnectionRegistry } from '../socket/connection-registry.js';
import { UserDirectory } from './user-directory.js';

/** AUTH-7: how long after its token's `exp` a live connection may still refresh it. */
const EXPIRY_GRACE_MS = 25_000;
/** TOLD-1: how long before its token's `exp` a connection is told of it. */
const EXPIRY_NOTICE_MS = 60_000;
const EXPIRY_CHECK_INTERVAL_MS = 1_000;
/** AUTH-8 allows 30 s. */
const DIRECTORY_CHECK_INTERVAL_MS = 10_000;
const DIRECTORY_CHUNK = 1_000;
/** After an outage of Redis all nodes hear each other again by then. */
const RETELL_MS = 2_000;
const EXPEL = 'expel';

/** Ends sessions that are over: an expired token (AUTH-7, TOLD-1), a user deactivated in the directory or by call (AUTH-8). */
@Injectable()
export class SessionWatch implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(SessionWatch.name);
  private timers: NodeJS.Timeout[] = [];
  private isAsking = false;
  /** Of the connections that were told so: when their token expires. */
  private readonly told = new WeakMap<Connection, number>();
  /** Users of whose expulsion other nodes could not be told. */
  private readonly untold = new Set<number>();

  constructor(
    private readonly bus: Bus,
    private readonly registry: ConnectionRegistry,
    private readonly directory: UserDirectory,
    private readonly nodes: ClusterNodes,
    private readonly links: UserLinks,
  ) {}

  onModuleInit(): void {
    this.nodes.handle(EXPEL, ({ data }) => Number.isInteger(data) && this.expel(data as number) >= 0);
    this.bus.onRestored(() => void setTimeout(() => this.tellUntold(), RETELL_MS).unref());
    this.timers = [
      setInterval(() => this.checkExpiry(Date.now()), EXPIRY_CHECK_INTERVAL_MS).unref(),
      setInterval(() => void this.endDeactivated(), DIRECTORY_CHECK_INTERVAL_MS).unref(),
    ];
  }

  onModuleDestroy(): void {
    for (const timer of this.timers) clearInterval(timer);
  }

  /** Cuts off every connection of a user with 4401, for good, on every node. @returns how many there were */
  async expelEverywhere(userId: number): Promise<number> {
    const here = this.expel(userId);
    // All are told: a node of which the shared memory knows nothing may have the user too.
    if (this.bus.isUp) this.nodes.tell(EXPEL, userId);
    else if (this.bus.isClustered) this.untold.add(userId);
    return here + countOf(await this.links.findOne(userId));
  }

  private tellUntold(): void {
    if (!this.bus.isUp) return;
    for (const userId of this.untold) this.nodes.tell(EXPEL, userId);
    this.untold.clear();
  }

  private expel(userId: number): number {
    const connections = [...this.registry.ofUser(userId)];
    for (const connection of connections) {
      if (connection.session) connection.session.isActive = false;
      connection.close(CLOSE_CODE.unauthorized, 'left');
    }
    return connections.length;
  }

  private checkExpiry(now: number): void {
    for (const connection of this.registry.all) {
      const expiresAt = connection.session?.expiresAt;
      if (expiresAt === undefined || now < expiresAt - EXPIRY_NOTICE_MS) continue;
      if (now >= expiresAt + EXPIRY_GRACE_MS) connection.close(CLOSE_CODE.unauthorized);
      else if (connection.protocol !== 1) this.tellExpiry(connection, expiresAt);
    }
  }

  /** TOLD-1: once for each token. */
  private tellExpiry(connection: Connection, expiresAt: number): void {
    if (this.told.get(connection) === expiresAt) return;
    this.told.set(connection, expiresAt);
    connection.send({ type: 'token_expiring', expiresAt });
  }

  private async endDeactivated(): Promise<void> {
    if (this.isAsking) return;
    this.isAsking = true;
    try {
      const userIds = [...this.registry.userIds];
      for (let i = 0; i < userIds.length; i += DIRECTORY_CHUNK) {
        const chunk = userIds.slice(i, i + DIRECTORY_CHUNK);
        const users = await withDeadline(this.directory.findByIds(chunk), DIRECTORY_CHECK_INTERVAL_MS);
        const active = new Set(users.filter((user) => user.isActive).map((user) => user.id));
        for (const userId of chunk) if (!active.has(userId)) this.expel(userId);
      }
    } catch (error) {
      this.logger.warn(`Could not ask the user directory: ${String(error)}`);
    } finally {
      this.isAsking = false;
    }
  }
}
