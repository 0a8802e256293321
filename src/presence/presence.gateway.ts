import { UsePipes } from '@nestjs/common';
import {
  ConnectedSocket,
  MessageBody,
  SubscribeMessage,
  WebSocketGateway,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
} from '@nestjs/websockets';
import { PongMessage } from '../protocol/heartbeat.js';
import { Connection } from '../socket/connection.js';
import { FrameCost, LIGHT_FRAME_COST } from '../socket/frame-cost.decorator.js';
import { MessageShapePipe } from '../socket/message-shape.pipe.js';
import { HeartbeatScheduler } from './heartbeat.scheduler.js';

@WebSocketGateway()
@UsePipes(MessageShapePipe)
export class PresenceGateway implements OnGatewayConnection<Connection>, OnGatewayDisconnect<Connection> {
  constructor(private readonly heartbeat: HeartbeatScheduler) {}

  handleConnection(connection: Connection): void {
    this.heartbeat.watch(connection);
  }

  handleDisconnect(connection: Connection): void {
    this.heartbeat.unwatch(connection);
  }

  /** BEAT-3: any frame has proved life by the time it gets here. */
  @SubscribeMessage('pong')
  @FrameCost(LIGHT_FRAME_COST)
  pong(@ConnectedSocket() _connection: Connection, @MessageBody() _message: PongMessage): void {
    // No answer.
  }
}
