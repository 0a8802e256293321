import { UseGuards, UsePipes } from '@nestjs/common';
import { ConnectedSocket, MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { ActiveUserGuard } from '../auth/active-user.guard.js';
import { JwtAuthGuard, type AuthenticatedConnection } from '../auth/jwt-auth.guard.js';
import { ChatMessage } from '../protocol/chat.js';
import type { MessageSent } from '../protocol/index.js';
import { MessageShapePipe } from '../socket/message-shape.pipe.js';
import { ChatService } from './chat.service.js';

@WebSocketGateway()
@UsePipes(MessageShapePipe)
@UseGuards(JwtAuthGuard, ActiveUserGuard)
export class ChatGateway {
  constructor(private readonly chat: ChatService) {}

  @SubscribeMessage('chat_message')
  send(
    @ConnectedSocket() connection: AuthenticatedConnection,
    @MessageBody() message: ChatMessage,
  ): Promise<MessageSent> | undefined {
    return this.chat.send(connection, connection.session, message);
  }
}
