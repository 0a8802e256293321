import { Global, Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { MissedMessages } from '../rooms/missed-messages.js';
import { RoomsModule } from '../rooms/rooms.module.js';
import { SocketModule } from '../socket/socket.module.js';
import { ChatMetrics } from './chat-metrics.js';
import { ChatGateway } from './chat.gateway.js';
import { ChatService } from './chat.service.js';
import { HistoryGateway } from './history.gateway.js';
import { HistoryService } from './history.service.js';
import { MessageDelivery } from './message-delivery.js';
import { MessageWriter } from './message-writer.js';
import { MessageViews } from './message-views.js';
import { MessageRepository } from './message.repository.js';
import { MessagesController } from './messages.controller.js';
import { RevocationJournal } from './revocation-journal.js';
import { RoomFeed } from './room-feed.js';
import { RoomReplay } from './room-replay.js';

/** Global, for the sake of `MissedMessages` only: rooms need it, and know nothing of the chat. */
@Global()
@Module({
  imports: [AuthModule, RoomsModule, SocketModule],
  controllers: [MessagesController],
  providers: [
    ChatGateway,
    ChatMetrics,
    ChatService,
    HistoryGateway,
    HistoryService,
    MessageDelivery,
    MessageRepository,
    MessageViews,
    MessageWriter,
    RevocationJournal,
    RoomFeed,
    { provide: MissedMessages, useClass: RoomReplay },
  ],
  exports: [ChatMetrics, MissedMessages],
})
export class ChatModule {}
