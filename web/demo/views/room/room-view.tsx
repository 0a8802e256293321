import type { Chat } from '../../state/chat.js';
import type { RoomModel } from '../../state/room-model.js';
import { timeline } from '../../timeline/timeline.js';
import { Composer } from './composer.js';
import { MessageLog } from './message-log.js';
import { Refusal } from './refusal.js';
import { RoomHeader, type Sides } from './room-header.js';

interface RoomViewProps extends Sides {
  readonly room: RoomModel;
  readonly chat: Chat;
}

export function RoomView({ room, chat, ...sides }: RoomViewProps) {
  const { entries, outbox, firstUnreadId } = room;
  const { me } = chat;
  return (
    <main class="room">
      <RoomHeader
        {...sides}
        room={room}
        unreadElsewhere={chat.unread - room.unread}
        onLeave={() => chat.leave(room.slug)}
      />
      {room.refusal ? (
        <Refusal onRetry={() => room.enter()} />
      ) : (
        <>
          <MessageLog room={room} rows={timeline({ entries, outbox, me, firstUnreadId })} />
          <Composer room={room} onSent={() => chat.hurry()} />
        </>
      )}
    </main>
  );
}
