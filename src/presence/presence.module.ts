import { Module } from '@nestjs/common';
import { SocketModule } from '../socket/socket.module.js';
import { ConnectionCap } from './connection-cap.js';
import { HeartbeatScheduler } from './heartbeat.scheduler.js';
import { PresenceGateway } from './presence.gateway.js';
import { SharedRateLimit } from './shared-rate-limit.js';
import { UserLinks } from './user-links.js';

@Module({
  imports: [SocketModule],
  providers: [ConnectionCap, HeartbeatScheduler, PresenceGateway, SharedRateLimit, UserLinks],
  exports: [ConnectionCap, SharedRateLimit, UserLinks],
})
export class PresenceModule {}
