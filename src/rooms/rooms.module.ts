import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { SocketModule } from '../socket/socket.module.js';
import { LiveRooms } from './live-rooms.js';
import { MembershipWatch } from './membership-watch.js';
import { RoomAccessLookup } from './room-access.js';
import { RoomLinks } from './room-links.js';
import { RoomPresence } from './room-presence.js';
import { RoomRepository } from './room.repository.js';
import { RoomsGateway } from './rooms.gateway.js';
import { RoomsService } from './rooms.service.js';
import { TypingGateway } from './typing.gateway.js';
import { TypingService } from './typing.service.js';

@Module({
  imports: [AuthModule, SocketModule],
  providers: [
    LiveRooms,
    MembershipWatch,
    RoomAccessLookup,
    RoomLinks,
    RoomPresence,
    RoomRepository,
    RoomsGateway,
    RoomsService,
    TypingGateway,
    TypingService,
  ],
  exports: [LiveRooms, RoomAccessLookup, RoomLinks, TypingService],
})
export class RoomsModule {}
