import { useCallback, useEffect, useState } from 'preact/hooks';
import type { UserDetails } from '../../src/admin/user-views.js';
import type { Api } from './api.js';
import { DataTable } from './data-table.js';
import { DisconnectDialog } from './disconnect-dialog.js';
import { clock, duration, plural } from './format.js';

/** One user's connections, and the way to end them. */
export function UserCard({ api, userId }: { readonly api: Api; readonly userId: number }) {
  const [details, setDetails] = useState<UserDetails>();
  const [notice, setNotice] = useState('');
  const [isAsking, setAsking] = useState(false);

  const load = useCallback(async () => setDetails(await api.user(userId)), [api, userId]);
  const tell = (error: unknown) => setNotice(error instanceof Error ? error.message : String(error));
  useEffect(() => {
    load().catch(tell);
  }, [load]);

  const disconnect = async (): Promise<void> => {
    setAsking(false);
    try {
      const reached = await api.disconnect(userId);
      setNotice(`${plural(reached, 'connection')} closed.`);
      await load();
    } catch (error) {
      tell(error);
    }
  };

  const total = details ? totalOf(details) : 0;
  return (
    <div class="card">
      {details && (
        <>
          <h3>
            {details.user.username} <small>{plural(total, 'connection')}</small>
          </h3>
          <Connections details={details} />
          <div class="actions">
            <button onClick={() => void load().catch(tell)} class="quiet">
              Look again
            </button>
            <button onClick={() => setAsking(true)} class="danger" disabled={total === 0}>
              Disconnect
            </button>
          </div>
        </>
      )}
      <p class="note" role="status">
        {notice}
      </p>
      {isAsking && details && (
        <DisconnectDialog
          username={details.user.username}
          connections={total}
          onCancel={() => setAsking(false)}
          onConfirm={() => void disconnect()}
        />
      )}
    </div>
  );
}

function Connections({ details: { connections, elsewhere, nodeId } }: { readonly details: UserDetails }) {
  return (
    <>
      {connections.length > 0 && (
        <DataTable label="Connections" columns={['Since', 'Last active', 'Rooms']}>
          {connections.map(({ since, idleMs, rooms }, i) => (
            <tr key={i}>
              <td>{clock(since)}</td>
              <td>{duration(idleMs)} ago</td>
              <td>{rooms.length === 0 ? 'none' : rooms.join(', ')}</td>
            </tr>
          ))}
        </DataTable>
      )}
      {connections.length === 0 && elsewhere.length === 0 && <p class="empty">Not connected.</p>}
      {elsewhere.length > 0 && (
        <p class="note">
          {elsewhere.map((node) => `${plural(node.connections, 'connection')} on node ${node.nodeId}`).join(', ')}: the
          answering node, {nodeId}, knows only how many there are elsewhere.
        </p>
      )}
    </>
  );
}

function totalOf({ connections, elsewhere }: UserDetails): number {
  return elsewhere.reduce((sum, node) => sum + node.connections, connections.length);
}
