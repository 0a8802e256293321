import type { RoomModel } from '../../state/room-model.js';
import { readable } from '../../timeline/readable.js';

interface RoomLinkProps {
  readonly room: RoomModel;
  readonly isCurrent: boolean;
  readonly onOpen: () => void;
}

/** As long as a preview can be seen at all. */
const PREVIEW_LENGTH = 80;

export function RoomLink({ room, isCurrent, onOpen }: RoomLinkProps) {
  const { unread } = room;
  return (
    <button
      type="button"
      class={`room-link ${unread > 0 ? 'has-unread' : ''}`}
      aria-current={isCurrent ? 'page' : undefined}
      onClick={onOpen}
    >
      <span class="room-name">{room.slug}</span>
      <span class="room-count">
        {room.isJoined && (
          <>
            {room.userCount}
            <span class="visually-hidden"> here</span>
          </>
        )}
      </span>
      <span class="preview">{preview(room)}</span>
      {unread > 0 && (
        <span class="badge">
          {unread > 99 ? '99+' : unread}
          <span class="visually-hidden"> unread</span>
        </span>
      )}
    </button>
  );
}

function preview({ lastMessage, isLoaded, refusal }: RoomModel) {
  if (refusal) return 'Not open to you';
  if (lastMessage === undefined) return isLoaded ? 'Nothing said yet' : '…';
  return (
    <>
      <bdi>{lastMessage.username}</bdi>: <bdi>{readable(lastMessage.message).slice(0, PREVIEW_LENGTH)}</bdi>
    </>
  );
}
