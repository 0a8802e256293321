import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { RoomsModule } from '../rooms/rooms.module.js';
import { SocketModule } from '../socket/socket.module.js';
import { ClusterStats } from './cluster-stats.js';
import { ConnectionMetrics } from './connection-metrics.js';
import { StatsController } from './stats.controller.js';
import { StatsGateway } from './stats.gateway.js';
import { StatsService } from './stats.service.js';

@Module({
  imports: [AuthModule, RoomsModule, SocketModule],
  controllers: [StatsController],
  providers: [ClusterStats, ConnectionMetrics, StatsGateway, StatsService],
  exports: [ConnectionMetrics, StatsService],
})
export class StatsModule {}
