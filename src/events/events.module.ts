import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { PresenceModule } from '../presence/presence.module.js';
import { SocketModule } from '../socket/socket.module.js';
import { StatsModule } from '../stats/stats.module.js';
import { EventDelivery } from './event-delivery.js';
import { SocketService } from './socket.service.js';

@Module({
  imports: [AuthModule, PresenceModule, SocketModule, StatsModule],
  providers: [EventDelivery, SocketService],
  exports: [SocketService],
})
export class EventsModule {}
