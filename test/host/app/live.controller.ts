import { Body, Controller, Get, Param, ParseIntPipe, Post } from '@nestjs/common';
import { SocketService } from 'milonga';

/** What the platform tells its users while they are connected. */
@Controller('live')
export class LiveController {
  constructor(private readonly sockets: SocketService) {}

  @Post('users/:id')
  async notify(@Param('id', ParseIntPipe) id: number, @Body() body: object): Promise<{ reached: number }> {
    return { reached: await this.sockets.sendToUser(id, 'notification', body) };
  }

  @Post('users/:id/followers')
  async announce(@Param('id', ParseIntPipe) id: number, @Body() body: object): Promise<{ reached: number }> {
    return { reached: await this.sockets.broadcastToFollowers(id, 'user_post_created', body) };
  }

  @Get('stats')
  stats() {
    return this.sockets.getStats();
  }
}
