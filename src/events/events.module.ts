import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { SocketModule } from '../socket/socket.module.js';
import { StatsModule } from '../stats/stats.module.js';
import { SocketService } from './socket.service.js';

@Module({ imports: [AuthModule, SocketModule, StatsModule], providers: [SocketService], exports: [SocketService] })
export class EventsModule {}
