import type { UserView } from '../../../../src/client/index.js';
import type { RoomModel } from '../../state/room-model.js';
import type { Person } from '../../state/people.js';
import { dayLabel, dayOf, timeLabel } from '../../timeline/day.js';
import { Avatar } from '../shared/avatar.js';

interface PeopleListProps {
  readonly room: RoomModel;
  readonly me: UserView | undefined;
}

/** How many of those who have gone, or may have, are listed. */
const MOST_LATELY = 30;

/** How many are here, as the server counts them, and who: of a large room those whom it has named, or who were seen. */
export function PeopleList({ room, me }: PeopleListProps) {
  const others = room.people.list.filter(({ id }) => id !== String(me?.id));
  const here = others.filter(({ isHere }) => isHere);
  const lately = others.filter(({ isHere }) => !isHere).slice(0, MOST_LATELY);
  const unseen = room.userCount - here.length - 1;
  return (
    <div class="people">
      <h2>{room.isJoined ? `${room.userCount} here` : 'Who is here'}</h2>
      <ul>
        <li class="person">
          {me && <Avatar username={me.username} small />}
          <span class="name">You</span>
        </li>
        {here.map((person) => (
          <PersonLine key={person.id} person={person} />
        ))}
      </ul>
      {room.isJoined && unseen > 0 && <p class="hint">{unseen === 1 ? 'And one other.' : `And ${unseen} others.`}</p>}
      {lately.length > 0 && (
        <>
          <h3>Wrote or were here lately</h3>
          <ul>
            {lately.map((person) => (
              <PersonLine key={person.id} person={person} />
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function PersonLine({ person: { username, seenAt, isHere } }: { readonly person: Person }) {
  const day = dayLabel(dayOf(seenAt), Date.now());
  return (
    <li class="person">
      <Avatar username={username} small />
      <bdi class="name">{username}</bdi>
      {!isHere && <span class="hint">{day === 'Today' ? timeLabel(seenAt) : day}</span>}
    </li>
  );
}
