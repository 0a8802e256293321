import { UsePipes } from '@nestjs/common';
import {
  ConnectedSocket,
  MessageBody,
  SubscribeMessage,
  WebSocketGateway,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
} from '@nestjs/websockets';
import { AuthMessage } from '../protocol/auth.js';
import type { AuthSuccess, AuthSuccess2 } from '../protocol/index.js';
import { Connection } from '../socket/connection.js';
import { MessageShapePipe } from '../socket/message-shape.pipe.js';
import { AuthDeadline } from './auth-deadline.js';
import { AuthService } from './auth.service.js';

@WebSocketGateway()
@UsePipes(MessageShapePipe)
export class AuthGateway implements OnGatewayConnection<Connection>, OnGatewayDisconnect<Connection> {
  constructor(
    private readonly auth: AuthService,
    private readonly deadline: AuthDeadline,
  ) {}

  handleConnection(connection: Connection): void {
    this.deadline.start(connection);
  }

  handleDisconnect(connection: Connection): void {
    this.deadline.cancel(connection);
  }

  @SubscribeMessage('auth')
  authenticate(
    @ConnectedSocket() connection: Connection,
    @MessageBody() message: AuthMessage,
  ): Promise<AuthSuccess | AuthSuccess2 | undefined> {
    return this.auth.authenticate(connection, message);
  }
}
