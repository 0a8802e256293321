import type { MessageRow } from '../../timeline/timeline.js';
import { timeLabel } from '../../timeline/day.js';
import { Avatar } from '../shared/avatar.js';
import { pure } from '../shared/pure.js';
import { DeliveryMark } from './delivery-mark.js';
import { FailedActions } from './failed-actions.js';

export interface MessageLineProps extends MessageRow {
  readonly onRetry: (messageId: string) => void;
  readonly onDiscard: (messageId: string) => void;
}

export const MessageLine = pure(function MessageLine(props: MessageLineProps) {
  const { username, text, at, isMine, isFirst, mark, messageId, errorCode, onRetry, onDiscard } = props;
  return (
    <li class={`message ${isMine ? 'mine' : 'theirs'} ${isFirst ? 'first' : ''} ${mark}`}>
      {!isMine && isFirst && <Avatar username={username} />}
      <div class="bubble">
        <bdi class={isMine || !isFirst ? 'visually-hidden' : 'author'}>{isMine ? 'You' : username}</bdi>
        <p class="text" dir="auto">
          {text}
        </p>
        <span class="meta">
          <time dateTime={new Date(at).toISOString()}>{timeLabel(at)}</time>
          <DeliveryMark mark={mark} />
        </span>
      </div>
      {mark === 'failed' && (
        <FailedActions
          errorCode={errorCode}
          onRetry={() => onRetry(messageId)}
          onDiscard={() => onDiscard(messageId)}
        />
      )}
    </li>
  );
});
