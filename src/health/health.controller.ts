import { Controller, Get, ServiceUnavailableException } from '@nestjs/common';
import { DatabaseHealth } from '../database/database-health.js';
import { DrainService } from '../socket/drain.service.js';

interface Health {
  status: 'ok';
}

/** For orchestrators and load balancers. */
@Controller('health')
export class HealthController {
  constructor(
    private readonly database: DatabaseHealth,
    private readonly drain: DrainService,
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
    return { status: 'ok' };
  }
}
