import { UseGuards, UsePipes } from '@nestjs/common';
import {
  ConnectedSocket,
  MessageBody,
  SubscribeMessage,
  WebSocketGateway,
  type OnGatewayDisconnect,
} from '@nestjs/websockets';
import { ActiveUserGuard } from '../auth/active-user.guard.js';
import { JwtAuthGuard, type AuthenticatedConnection } from '../auth/jwt-auth.guard.js';
import { RoomMembersMessage } from '../protocol/members.js';
import type { RoomJoined, RoomLeft, RoomMembers } from '../protocol/index.js';
import { JoinRoomMessage, LeaveRoomMessage, ResumeRoomMessage } from '../protocol/rooms.js';
import type { Connection, Departure } from '../socket/connection.js';
import { FrameCost, LIGHT_FRAME_COST } from '../socket/frame-cost.decorator.js';
import { MessageShapePipe } from '../socket/message-shape.pipe.js';
import { Protocol2 } from '../socket/protocol2.decorator.js';
import { RoomsService } from './rooms.service.js';

@WebSocketGateway()
@UsePipes(MessageShapePipe)
@UseGuards(JwtAuthGuard, ActiveUserGuard)
export class RoomsGateway implements OnGatewayDisconnect<Connection> {
  constructor(private readonly rooms: RoomsService) {}

  @SubscribeMessage('join_room')
  @FrameCost(LIGHT_FRAME_COST)
  join(
    @ConnectedSocket() connection: AuthenticatedConnection,
    @MessageBody() { roomSlug }: JoinRoomMessage,
  ): Promise<RoomJoined | undefined> {
    return this.rooms.join(connection, connection.session, roomSlug);
  }

  @Protocol2()
  @SubscribeMessage('join_room')
  @FrameCost(LIGHT_FRAME_COST)
  resume(
    @ConnectedSocket() connection: AuthenticatedConnection,
    @MessageBody() message: ResumeRoomMessage,
  ): Promise<undefined> {
    return this.rooms.resume(connection, connection.session, message);
  }

  @SubscribeMessage('leave_room')
  @FrameCost(LIGHT_FRAME_COST)
  leave(@ConnectedSocket() connection: Connection, @MessageBody() { roomSlug }: LeaveRoomMessage): RoomLeft {
    return this.rooms.leave(connection, roomSlug);
  }

  @Protocol2()
  @SubscribeMessage('room_members')
  members(@ConnectedSocket() connection: Connection, @MessageBody() { roomSlug }: RoomMembersMessage): RoomMembers {
    return this.rooms.members(connection, roomSlug);
  }

  handleDisconnect(connection: Connection, departure?: Departure): void {
    this.rooms.leaveAll(connection, departure ?? 'dropped');
  }
}
