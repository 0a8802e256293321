import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { RoomsModule } from '../rooms/rooms.module.js';
import { SocketModule } from '../socket/socket.module.js';
import { ChatMetrics } from './chat-metrics.js';
import { ChatGateway } from './chat.gateway.js';
import { ChatService } from './chat.service.js';
import { HistoryService } from './history.service.js';
import { MessageDelivery } from './message-delivery.js';
import { MessageWriter } from './message-writer.js';
import { MessageViews } from './message-views.js';
import { MessageRepository } from './message.repository.js';
import { MessagesController } from './messages.controller.js';
import { RevocationJournal } from './revocation-journal.js';
import { RoomFeed } from './room-feed.js';

@Module({
  imports: [AuthModule, RoomsModule, SocketModule],
  controllers: [MessagesController],
  providers: [
    ChatGateway,
    ChatMetrics,
    ChatService,
    HistoryService,
    MessageDelivery,
    MessageRepository,
    MessageViews,
    MessageWriter,
    RevocationJournal,
    RoomFeed,
  ],
  exports: [ChatMetrics],
})
export class ChatModule {}
