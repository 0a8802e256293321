import { UseGuards, UsePipes } from '@nestjs/common';
import { ConnectedSocket, MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { ActiveUserGuard } from '../auth/active-user.guard.js';
import { JwtAuthGuard, type AuthenticatedConnection } from '../auth/jwt-auth.guard.js';
import { TypingMessage } from '../protocol/typing.js';
import { FrameCost, LIGHT_FRAME_COST } from '../socket/frame-cost.decorator.js';
import { MessageShapePipe } from '../socket/message-shape.pipe.js';
import { Protocol2 } from '../socket/protocol2.decorator.js';
import { TypingService } from './typing.service.js';

@WebSocketGateway()
@UsePipes(MessageShapePipe)
@UseGuards(JwtAuthGuard, ActiveUserGuard)
export class TypingGateway {
  constructor(private readonly typing: TypingService) {}

  @Protocol2()
  @SubscribeMessage('typing')
  @FrameCost(LIGHT_FRAME_COST)
  type(@ConnectedSocket() connection: AuthenticatedConnection, @MessageBody() message: TypingMessage): void {
    this.typing.say(connection, connection.session.user, message);
  }
}
