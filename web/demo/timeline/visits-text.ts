import type { Visit } from '../state/entries.js';
import { nameList } from './name-list.js';

/** Who came and went in a while, folded into one line: "Ana, Bruno and 3 others joined · Carla left". */
export function visitsText(visits: readonly Visit[]): string {
  const byPerson = new Map<number, Visit[]>();
  for (const visit of visits) byPerson.set(visit.userId, [...(byPerson.get(visit.userId) ?? []), visit]);
  const people = [...byPerson.values()];
  const named = (title: string, first: Visit['kind'], last: Visit['kind']): string => {
    const names = people.flatMap((own) =>
      own[0]?.kind === first && own.at(-1)?.kind === last ? [own[0].username] : [],
    );
    return names.length === 0 ? '' : `${nameList(names)} ${title}`;
  };
  return [
    named('joined', 'joined', 'joined'),
    named('left', 'left', 'left'),
    named('came back', 'left', 'joined'),
    named('looked in', 'joined', 'left'),
  ]
    .filter(Boolean)
    .join(' · ');
}
