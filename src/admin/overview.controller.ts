import { BadRequestException, Controller, Get, Header, Query, UseGuards } from '@nestjs/common';
import { AdminGuard } from '../auth/admin.guard.js';
import { BearerGuard } from '../auth/bearer.guard.js';
import type { Overview } from './overview.js';
import { OverviewService } from './overview.service.js';

/** For the dashboard; admins only, as `GET /ws/stats` (STAT-2). */
@Controller('admin')
@UseGuards(BearerGuard, AdminGuard)
export class OverviewController {
  constructor(private readonly service: OverviewService) {}

  /** `GET /admin/overview?since=`: only samples later than `since`, if given. */
  @Get('overview')
  @Header('Cache-Control', 'no-store')
  overview(@Query('since') since?: unknown): Overview {
    return this.service.overview(since === undefined ? -Infinity : asTime(since));
  }
}

/** @throws BadRequestException */
function asTime(text: unknown): number {
  const time = typeof text === 'string' && /^\d+$/.test(text) ? Number(text) : NaN;
  if (!Number.isSafeInteger(time)) throw new BadRequestException('since must be milliseconds since the epoch');
  return time;
}
