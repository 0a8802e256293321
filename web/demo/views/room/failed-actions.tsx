interface FailedActionsProps {
  readonly errorCode: string | undefined;
  readonly onRetry: () => void;
  readonly onDiscard: () => void;
}

const REASON: Readonly<Record<string, string>> = {
  rate_limited: 'that was too fast for the server',
  message_too_long: 'it is too long',
  message_empty: 'nothing of it is left to show',
  message_conflict: 'it was sent before with another text',
  not_in_room: 'you are not in this room',
  room_forbidden: 'this room is not open to you',
  muted: 'you are muted here',
  storage_unavailable: 'the server cannot store anything just now',
  left: 'you had left the room',
  user_changed: 'it was written under another name',
  outbox_full: 'too many messages wait already',
};

export function FailedActions({ errorCode = '', onRetry, onDiscard }: FailedActionsProps) {
  return (
    <p class="failure">
      <span>Not sent: {REASON[errorCode] ?? 'the server refused it'}.</span>
      <span class="actions">
        <button type="button" class="link" onClick={onRetry}>
          Retry
        </button>{' '}
        <button type="button" class="link" onClick={onDiscard}>
          Discard
        </button>
      </span>
    </p>
  );
}
