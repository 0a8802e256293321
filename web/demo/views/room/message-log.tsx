import { useCallback } from 'preact/hooks';
import type { RoomModel } from '../../state/room-model.js';
import type { Row } from '../../timeline/timeline.js';
import { Icon } from '../shared/icon.js';
import { MessageLine } from './message-line.js';
import { TimelineLine } from './timeline-line.js';
import { useLogScrolling } from './use-log-scrolling.js';

interface MessageLogProps {
  readonly room: RoomModel;
  readonly rows: readonly Row[];
}

export function MessageLog({ room, rows }: MessageLogProps) {
  const { box, list, isAtEnd, onScroll, jumpToEnd } = useLogScrolling(room);
  const retry = useCallback((messageId: string) => room.retry(messageId), [room]);
  const discard = useCallback((messageId: string) => room.discard(messageId), [room]);
  const isEmpty = room.isLoaded && !rows.some(({ kind }) => kind === 'message');
  return (
    <div class="log-area">
      <div
        ref={box}
        class="log"
        role="log"
        aria-label={`Messages in ${room.slug}`}
        aria-live="polite"
        aria-busy={room.isPaging}
        tabIndex={0}
        onScroll={onScroll}
      >
        {room.isLoaded && <p class="beginning">{beginning(room, isEmpty)}</p>}
        {!room.isLoaded && rows.length === 0 && <p class="beginning">Loading messages …</p>}
        <ol ref={list}>
          {rows.map((row) =>
            row.kind === 'message' ? (
              <MessageLine {...row} key={row.key} onRetry={retry} onDiscard={discard} />
            ) : (
              <TimelineLine key={row.key} row={row} />
            ),
          )}
        </ol>
      </div>
      {!isAtEnd && (
        <button type="button" class="primary jump" onClick={jumpToEnd}>
          {room.unread > 0 ? `${room.unread} new` : 'Newest'}
          <Icon name="down" />
        </button>
      )}
    </div>
  );
}

function beginning({ hasOlder, slug }: RoomModel, isEmpty: boolean): string {
  if (hasOlder) return 'Loading older messages …';
  return isEmpty ? `Nobody has said anything in ${slug} yet. Be the first!` : `This is where ${slug} began.`;
}
