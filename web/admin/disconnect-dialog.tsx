import { useEffect, useRef } from 'preact/hooks';
import { plural } from './format.js';

interface DisconnectDialogProps {
  readonly username: string;
  readonly connections: number;
  readonly onCancel: () => void;
  readonly onConfirm: () => void;
}

/** Asks once more, and says what it does and what it does not. */
export function DisconnectDialog({ username, connections, onCancel, onConfirm }: DisconnectDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} aria-labelledby="disconnect-title" onClose={onCancel}>
      <h2 id="disconnect-title">Disconnect {username}?</h2>
      <p>This closes {plural(connections, 'connection')} with code 4401, on whatever node.</p>
      <p>
        The token stays good: who has it can come back. To keep somebody out, set <code>is_active</code> to false in the
        table <code>users</code>.
      </p>
      <div class="actions">
        <button class="quiet" onClick={() => dialog.current?.close()}>
          Cancel
        </button>
        <button class="danger" onClick={onConfirm}>
          Disconnect {username}
        </button>
      </div>
    </dialog>
  );
}
