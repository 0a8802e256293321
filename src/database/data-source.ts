import pg from 'pg';
import type { DataSourceOptions } from 'typeorm';
import { InitialSchema1763856000000 } from '../../migrations/1763856000000-initial-schema.js';
import { StoreMessages1763942400000 } from '../../migrations/1763942400000-store-messages.js';
import { User } from '../auth/user.entity.js';
import { Message } from '../chat/message.entity.js';
import { Follow } from '../events/follow.entity.js';
import { RoomMember } from '../rooms/room-member.entity.js';
import { Room } from '../rooms/room.entity.js';

/** Name of Milonga's data source: one of its own, so that it never meets a host application's default one. */
export const MILONGA_DATA_SOURCE = 'milonga';

/** To have a connection, whether a new one or one that comes back to the pool. */
const CONNECT_TIMEOUT_MS = 1_500;
/** The same where all share one connection, and there is no network that could be down. */
const EMBEDDED_CONNECT_TIMEOUT_MS = 10_000;
/** The server ends an ordinary query that takes longer. */
const STATEMENT_TIMEOUT_MS = 5_000;
const POOL_SIZE = 10;

const COMMON = {
  type: 'postgres' as const,
  // Handed over, so that TypeORM and this product share one copy, and with it one class of errors.
  driver: pg,
  entities: [User, Follow, Room, RoomMember, Message],
  migrations: [InitialSchema1763856000000, StoreMessages1763942400000],
  synchronize: false,
  installExtensions: false,
  logging: false,
} satisfies DataSourceOptions;

/** A PostgreSQL server at `url`. */
export function serverDataSource(url: string): DataSourceOptions {
  return {
    ...COMMON,
    url,
    applicationName: 'milonga',
    poolSize: POOL_SIZE,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    extra: {
      statement_timeout: STATEMENT_TIMEOUT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: 5_000,
      // Statements are constant and their plans do not depend on the values: plan each once a connection.
      options: '-c plan_cache_mode=force_generic_plan',
    },
  };
}

/** The embedded database that listens in `socketDir`. */
export function embeddedDataSource(socketDir: string): DataSourceOptions {
  return {
    ...COMMON,
    host: socketDir,
    username: 'postgres',
    database: 'postgres',
    // The embedded database serves one connection at a time: another waits for ever while that one is kept.
    poolSize: 1,
    connectTimeoutMS: EMBEDDED_CONNECT_TIMEOUT_MS,
    extra: { idleTimeoutMillis: 0 },
  };
}
