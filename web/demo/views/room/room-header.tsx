import type { RoomModel } from '../../state/room-model.js';
import { Icon } from '../shared/icon.js';
import { IconButton } from '../shared/icon-button.js';

/** What stands beside the room, and how to show what does not. */
export interface Sides {
  readonly hasRoomsBeside: boolean;
  readonly hasPeopleBeside: boolean;
  readonly onShowRooms: () => void;
  readonly onShowPeople: () => void;
}

interface RoomHeaderProps extends Sides {
  readonly room: RoomModel;
  /** Unread messages of the other rooms, which a phone does not show beside. */
  readonly unreadElsewhere: number;
  readonly onLeave: () => void;
}

export function RoomHeader(props: RoomHeaderProps) {
  const { room, hasRoomsBeside, hasPeopleBeside, unreadElsewhere, onShowRooms, onShowPeople, onLeave } = props;
  // Without a connection nobody knows; the banner says so.
  const count = room.isJoined ? `${room.userCount} here` : '';
  return (
    <header class="room-header">
      {!hasRoomsBeside && (
        <span class="with-dot">
          <IconButton
            icon="menu"
            label={unreadElsewhere > 0 ? `Rooms, ${unreadElsewhere} unread` : 'Rooms'}
            onClick={onShowRooms}
          />
          {unreadElsewhere > 0 && <span class="dot" />}
        </span>
      )}
      <h2>{room.slug}</h2>
      {hasPeopleBeside ? (
        <span class="here">{count}</span>
      ) : (
        <button type="button" class="here" aria-label={`${count} Show people`.trim()} onClick={onShowPeople}>
          <Icon name="people" />
          {count}
        </button>
      )}
      <IconButton icon="leave" label="Leave this room" onClick={onLeave} />
    </header>
  );
}
