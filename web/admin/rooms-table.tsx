import type { Overview } from '../../src/admin/overview.js';
import { DataTable } from './data-table.js';
import { count, rate } from './format.js';

/** Where the people are, and where the messages. */
export function RoomsTable({ overview }: { readonly overview: Overview }) {
  const { rooms, totalRooms } = overview;
  return (
    <section class="panel half" aria-labelledby="rooms">
      <h2 id="rooms">Busiest rooms</h2>
      {rooms.length === 0 ? (
        <p class="empty">Nobody is in a room.</p>
      ) : (
        <DataTable label="Busiest rooms" columns={['Room', 'Users', 'Messages a second']}>
          {rooms.map(({ slug, userCount, messagesPerSecond }) => (
            <tr key={slug}>
              <th scope="row">{slug}</th>
              <td class="number">{count(userCount)}</td>
              <td class="number">{messagesPerSecond === null ? '–' : rate(messagesPerSecond)}</td>
            </tr>
          ))}
        </DataTable>
      )}
      <p class="note">
        Rooms with somebody in them: {count(totalRooms)}.
        {overview.isClustered &&
          ' Messages are those of the last 5 s; – where nobody of the answering node is in the room.'}
      </p>
    </section>
  );
}
