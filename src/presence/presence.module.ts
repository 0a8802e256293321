import { Module } from '@nestjs/common';
import { SocketModule } from '../socket/socket.module.js';
import { HeartbeatScheduler } from './heartbeat.scheduler.js';
import { PresenceGateway } from './presence.gateway.js';

@Module({ imports: [SocketModule], providers: [HeartbeatScheduler, PresenceGateway] })
export class PresenceModule {}
