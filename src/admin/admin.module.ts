import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { ChatModule } from '../chat/chat.module.js';
import { EventsModule } from '../events/events.module.js';
import { PresenceModule } from '../presence/presence.module.js';
import { RoomsModule } from '../rooms/rooms.module.js';
import { SocketModule } from '../socket/socket.module.js';
import { StatsModule } from '../stats/stats.module.js';
import { AdminUsersController } from './admin-users.controller.js';
import { AdminUsersService } from './admin-users.service.js';
import { ClusterHistory } from './cluster-history.js';
import { NodeSampler } from './node-sampler.js';
import { OverviewController } from './overview.controller.js';
import { OverviewService } from './overview.service.js';
import { RoomActivity } from './room-activity.js';
import { UserSearchRepository } from './user-search.repository.js';

/** What the dashboard at `/admin` asks; only in the standalone server. */
@Module({
  imports: [AuthModule, ChatModule, EventsModule, PresenceModule, RoomsModule, SocketModule, StatsModule],
  controllers: [AdminUsersController, OverviewController],
  providers: [AdminUsersService, ClusterHistory, NodeSampler, OverviewService, RoomActivity, UserSearchRepository],
})
export class AdminModule {}
