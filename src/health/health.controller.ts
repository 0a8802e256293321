import { Controller, Get, ServiceUnavailableException } from '@nestjs/common';
import { Bus } from '../cluster/bus.js';
import { DatabaseHealth } from '../database/database-health.js';
import { DrainService } from '../socket/drain.service.js';

interface Health {
  status: 'ok';
  /** Only for one node of many. Without Redis it goes on with its own clients. */
  redis?: 'up' | 'away';
}

/** For orchestrators and load balancers. */
@Controller('health')
export class HealthController {
  constructor(
    private readonly database: DatabaseHealth,
    private readonly drain: DrainService,
    private readonly bus: Bus,
  ) {}

  /** 200 while the process runs its event loop. */
  @Get('live')
  live(): Health {
    return { status: 'ok' };
  }

  /** 200 when clients should come here; 503 while draining, or without the database. */
  @Get('ready')
  async ready(): Promise<Health> {
    if (this.drain.isDraining) throw new ServiceUnavailableException('draining');
    if (!(await this.database.check())) throw new ServiceUnavailableException('database unavailable');
    if (!this.bus.isClustered) return { status: 'ok' };
    return { status: 'ok', redis: this.bus.isUp ? 'up' : 'away' };
  }
}
