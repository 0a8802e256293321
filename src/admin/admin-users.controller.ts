import {
  BadRequestException,
  Controller,
  Get,
  Header,
  HttpCode,
  NotFoundException,
  Param,
  Post,
  Query,
  UseGuards,
} from '@nestjs/common';
import { AdminGuard } from '../auth/admin.guard.js';
import { BearerGuard } from '../auth/bearer.guard.js';
import { SocketService } from '../events/socket.service.js';
import { UserIdPipe } from '../events/user-id.pipe.js';
import { AdminUsersService } from './admin-users.service.js';
import type { UserDetails, UserSearch } from './user-views.js';

/** Nothing that a name can't have: control characters least of all. */
const SEARCH = /^[^\p{C}]{1,64}$/u;

/** For the dashboard; admins only, as `GET /ws/stats` (STAT-2). */
@Controller('admin/users')
@UseGuards(BearerGuard, AdminGuard)
export class AdminUsersController {
  constructor(
    private readonly users: AdminUsersService,
    private readonly sockets: SocketService,
  ) {}

  /** `GET /admin/users?search=ana`: by id, or by how the username begins. */
  @Get()
  @Header('Cache-Control', 'no-store')
  async search(@Query('search') search?: unknown): Promise<UserSearch> {
    const text = typeof search === 'string' ? search.trim() : '';
    if (!SEARCH.test(text)) throw new BadRequestException('search must be an id or the beginning of a username');
    return { users: await this.users.find(text) };
  }

  @Get(':id')
  @Header('Cache-Control', 'no-store')
  async details(@Param('id', UserIdPipe) userId: number): Promise<UserDetails> {
    const details = await this.users.details(userId);
    if (!details) throw new NotFoundException('There is no such user');
    return details;
  }

  /** Closes every connection of the user, on every node, with 4401. */
  @Post(':id/disconnect')
  @HttpCode(200)
  async disconnect(@Param('id', UserIdPipe) userId: number): Promise<{ reached: number }> {
    return { reached: await this.sockets.disconnectUser(userId) };
  }
}
