import { Controller, Get, UseGuards } from '@nestjs/common';
import { AdminGuard } from '../auth/admin.guard.js';
import { BearerGuard } from '../auth/bearer.guard.js';
import type { Stats } from '../protocol/index.js';
import { StatsService } from './stats.service.js';

@Controller('ws')
@UseGuards(BearerGuard, AdminGuard)
export class StatsController {
  constructor(private readonly stats: StatsService) {}

  /** `GET /ws/stats`, for admins (STAT-2). */
  @Get('stats')
  get(): Stats {
    return this.stats.snapshot();
  }
}
