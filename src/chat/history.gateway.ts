import { UseGuards, UsePipes } from '@nestjs/common';
import { ConnectedSocket, MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { ActiveUserGuard } from '../auth/active-user.guard.js';
import { JwtAuthGuard, type AuthenticatedConnection } from '../auth/jwt-auth.guard.js';
import { HistoryMessage } from '../protocol/history.js';
import type { HistoryPage } from '../protocol/index.js';
import { MessageShapePipe } from '../socket/message-shape.pipe.js';
import { Protocol2 } from '../socket/protocol2.decorator.js';
import { HistoryService } from './history.service.js';

@WebSocketGateway()
@UsePipes(MessageShapePipe)
@UseGuards(JwtAuthGuard, ActiveUserGuard)
export class HistoryGateway {
  constructor(private readonly history: HistoryService) {}

  @Protocol2()
  @SubscribeMessage('history')
  page(
    @ConnectedSocket() connection: AuthenticatedConnection,
    @MessageBody() message: HistoryMessage,
  ): Promise<HistoryPage> {
    return this.history.answer(connection.session.user.id, message);
  }
}
