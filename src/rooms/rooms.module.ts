import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { SocketModule } from '../socket/socket.module.js';
import { LiveRooms } from './live-rooms.js';
import { MembershipWatch } from './membership-watch.js';
import { RoomAccessLookup } from './room-access.js';
import { RoomRepository } from './room.repository.js';
import { RoomsGateway } from './rooms.gateway.js';
import { RoomsService } from './rooms.service.js';

@Module({
  imports: [AuthModule, SocketModule],
  providers: [LiveRooms, MembershipWatch, RoomAccessLookup, RoomRepository, RoomsGateway, RoomsService],
  exports: [LiveRooms, RoomAccessLookup],
})
export class RoomsModule {}
