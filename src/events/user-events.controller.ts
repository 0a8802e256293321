import { BadRequestException, Body, Controller, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { Allow, IsString } from 'class-validator';
import { BodyShapePipe } from '../validation/body-shape.pipe.js';
import { ApiKeyGuard } from './api-key.guard.js';
import { InvalidEventError } from './event-frame.js';
import { SocketService } from './socket.service.js';
import { UserIdPipe } from './user-id.pipe.js';

class UserEvent {
  @IsString()
  type!: string;

  /** Anything that is JSON. */
  @Allow()
  data: unknown;
}

interface Reached {
  /** Connections that the event was addressed to (EVENT-4). */
  reached: number;
}

/** `SocketService` for services that are not written in Nest. */
@Controller('api/users/:id')
@UseGuards(ApiKeyGuard)
export class UserEventsController {
  constructor(private readonly sockets: SocketService) {}

  @Post('events')
  @HttpCode(200)
  async send(
    @Param('id', UserIdPipe) userId: number,
    @Body(BodyShapePipe) { type, data }: UserEvent,
  ): Promise<Reached> {
    return { reached: await this.sockets.sendToUser(userId, type, data).catch(asBadRequest) };
  }

  @Post('followers/events')
  @HttpCode(200)
  async broadcast(
    @Param('id', UserIdPipe) userId: number,
    @Body(BodyShapePipe) { type, data }: UserEvent,
  ): Promise<Reached> {
    return { reached: await this.sockets.broadcastToFollowers(userId, type, data).catch(asBadRequest) };
  }

  @Post('disconnect')
  @HttpCode(200)
  async disconnect(@Param('id', UserIdPipe) userId: number): Promise<Reached> {
    return { reached: await this.sockets.disconnectUser(userId) };
  }
}

function asBadRequest(error: unknown): never {
  throw error instanceof InvalidEventError ? new BadRequestException(error.message) : error;
}
