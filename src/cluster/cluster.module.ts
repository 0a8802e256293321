import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { MILONGA_OPTIONS, type MilongaOptions } from '../config/options.js';
import { Database } from '../database/database.js';
import { Bus } from './bus.js';
import { BusMetrics } from './bus-metrics.js';
import { ClusterNodes } from './cluster-nodes.js';
import { LocalBus } from './local-bus.js';
import { RedisBus } from './redis-bus.js';

const IDENTITY = {
  name: 'cluster.identity',
  text: 'SELECT id::text, current_database() FROM cluster_identity LIMIT 1',
};

/** The nodes that share a database are a cluster; two clusters may share a Redis. */
async function openBus({ redisUrl }: MilongaOptions, database: Database, metrics: BusMetrics): Promise<Bus> {
  if (redisUrl === undefined) return new LocalBus();
  database.expectTrouble();
  const [identity] = await database.query<[id: string, name: string]>(IDENTITY, []);
  const bus = new RedisBus(redisUrl, `milonga:${identity?.join(':') ?? ''}:`, metrics);
  await bus.start();
  return bus;
}

/** The bus and the other nodes, for every feature. Global, so that Nest stops it after the features. */
@Global()
@Module({
  providers: [
    BusMetrics,
    ClusterNodes,
    { provide: Bus, inject: [MILONGA_OPTIONS, Database, BusMetrics], useFactory: openBus },
  ],
  exports: [Bus, BusMetrics, ClusterNodes],
})
export class ClusterModule implements OnApplicationShutdown {
  constructor(
    @Inject(Bus) private readonly bus: Bus,
    private readonly nodes: ClusterNodes,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    this.nodes.sayGoodbye();
    if (this.bus instanceof RedisBus) await this.bus.close();
  }
}
