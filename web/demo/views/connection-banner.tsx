import { useEffect, useState } from 'preact/hooks';
import type { ConnectionState } from '../../../src/client/index.js';
import { useSecondsUntil } from './shared/use-seconds-until.js';

interface ConnectionBannerProps {
  readonly state: ConnectionState;
  readonly onRetry: () => void;
}

/** Reasons that deserve words of their own; all others are a lost connection. */
const REASON: Readonly<Record<string, string>> = {
  evicted: 'You are here in too many places at once, so this one was closed.',
  flooding: 'That was too much at once: the server asks for a pause.',
  overloaded: 'The server has a lot to do just now.',
  restarting: 'The server is starting anew.',
};

const BACK_ONLINE_MS = 2_500;

/** Says when there is no connection, when the next attempt is, and when all is well again. */
export function ConnectionBanner({ state, onRetry }: ConnectionBannerProps) {
  const isBack = useIsBack(state.status);
  const retryAt = state.status === 'offline' ? state.retryAt : undefined;
  const seconds = useSecondsUntil(retryAt);
  return (
    <div class={`banner ${isBack ? 'back' : state.status}`}>
      <p role="status">
        {isBack && 'Back online'}
        {state.status === 'connecting' && 'Connecting …'}
        {state.status === 'offline' && (REASON[state.reason] ?? 'No connection.')}
        {retryAt !== undefined && ' What you write is sent later.'}
      </p>
      {/* Beside the status, which would be read out anew every second. */}
      {retryAt !== undefined && <span class="countdown">Next try in {seconds} s</span>}
      {state.status === 'offline' && (
        <button type="button" class="primary" onClick={onRetry}>
          {retryAt === undefined ? 'Come back' : 'Try now'}
        </button>
      )}
    </div>
  );
}

/** For a moment after the connection was lost and found again. */
function useIsBack(status: ConnectionState['status']): boolean {
  const [wasLost, setWasLost] = useState(false);
  useEffect(() => {
    if (status === 'offline') setWasLost(true);
    if (status !== 'online' || !wasLost) return undefined;
    const timer = setTimeout(() => setWasLost(false), BACK_ONLINE_MS);
    return () => clearTimeout(timer);
  }, [status, wasLost]);
  return wasLost && status === 'online';
}
