import { BadRequestException, Controller, Get, NotFoundException, Param, Query, Req, UseGuards } from '@nestjs/common';
import { BearerGuard, type AuthenticatedRequest } from '../auth/bearer.guard.js';
import { ERROR_TEXT } from '../protocol/errors.js';
import { DEFAULT_PAGE, MAX_PAGE } from '../protocol/history.js';
import { ROOM_SLUG } from '../protocol/rooms.js';
import { HistoryService, type History } from './history.service.js';

@Controller('rooms')
@UseGuards(BearerGuard)
export class MessagesController {
  constructor(private readonly history: HistoryService) {}

  /** `GET /rooms/:slug/messages?before=&after=&limit=`; 400 for a bad number, 404 for a room one may not enter. */
  @Get(':slug/messages')
  async messages(
    @Req() { user }: AuthenticatedRequest,
    @Param('slug') slug: string,
    @Query() query: Record<string, unknown>,
  ): Promise<History> {
    if (!ROOM_SLUG.test(slug)) throw new NotFoundException(ERROR_TEXT.room_forbidden);
    const before = positiveInteger(query, 'before');
    const after = positiveInteger(query, 'after', 0);
    if (before !== undefined && after !== undefined) throw new BadRequestException('Give before or after, not both');
    const limit = Math.min(positiveInteger(query, 'limit') ?? DEFAULT_PAGE, MAX_PAGE);
    const page = await this.history.page(slug, user.id, { before, after, limit });
    if (!page) throw new NotFoundException(ERROR_TEXT.room_forbidden);
    return page;
  }
}

/** @throws BadRequestException for anything but a whole number from `least` on */
function positiveInteger(query: Record<string, unknown>, name: string, least = 1): number | undefined {
  const text = query[name];
  if (text === undefined) return undefined;
  const value = typeof text === 'string' && /^\d+$/.test(text) ? Number(text) : NaN;
  if (!Number.isSafeInteger(value) || value < least) {
    throw new BadRequestException(`${name} must be a whole number from ${String(least)} on`);
  }
  return value;
}
