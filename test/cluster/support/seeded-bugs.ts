import type { History } from '../../../verify/history/events.mjs';
import type { Random } from '../../../verify/random.mjs';
import {
  faultOn,
  insertAfter,
  noticesByUser,
  of,
  onlyAnswers,
  openStints,
  placeOf,
  remove,
  repeatedAcks,
  rowOf,
  sendOf,
  sightingsOf,
  stints,
  storeLate,
  storeTwice,
  unstore,
  userOf,
} from './history-editing.js';

/** A bug of a server, put into a perfect history. */
export interface SeededBug {
  readonly name: string;
  /** The promise that it breaks. */
  readonly breaks: string;
  /** Further promises that may break with it. */
  readonly also?: readonly string[];
  readonly seed: (history: History, random: Random) => void;
}

export const SEEDED_BUGS: readonly SeededBug[] = [
  {
    name: 'an acknowledged message is not stored',
    breaks: 'P1',
    seed: (history, random) => unstore(history, random.pick(onlyAnswers(history, 'ack')).slug),
  },
  {
    name: 'a message that was sent once is stored twice',
    breaks: 'P1',
    seed: (history, random) => storeTwice(history, random.pick(onlyAnswers(history, 'ack')).slug),
  },
  {
    name: 'a message is stored with another text than was sent',
    breaks: 'P1',
    seed: (history, random) => {
      const { slug } = random.pick(onlyAnswers(history, 'ack'));
      sendOf(history, slug).text = 'what was meant';
    },
  },
  {
    name: 'an acknowledgement has another time than the row',
    breaks: 'P1',
    seed: (history, random) => {
      random.pick(onlyAnswers(history, 'ack')).timestamp += 1;
    },
  },
  {
    name: 'a message is delivered and never stored',
    breaks: 'P1',
    seed: (history, random) => {
      // Its sender had no answer, as the connection ended before.
      const ended = stints(history)
        .filter(({ end }) => end < Infinity)
        .map(placeOf);
      const lost = onlyAnswers(history, 'ack').filter((ack) =>
        ended.some(({ client, session }) => ack.client === client && ack.session === session),
      );
      const ack = random.pick(lost);
      remove(history, ack);
      unstore(history, ack.slug, { isSeen: true });
    },
  },
  {
    name: 'a row appears that nobody sent',
    breaks: 'P1',
    seed: (history, random) => {
      const { slug } = random.pick(onlyAnswers(history, 'refused'));
      for (const refused of of(history, 'refused').filter((one) => one.slug === slug)) {
        storeLate(history, refused);
        remove(history, sendOf(history, slug));
        remove(history, refused);
      }
    },
  },
  {
    name: 'a refused message is stored',
    breaks: 'P2',
    seed: (history, random) => storeLate(history, random.pick(onlyAnswers(history, 'refused'))),
  },
  {
    name: 'a refused message is seen and not stored',
    breaks: 'P2',
    seed: (history, random) => {
      const refused = random.pick(onlyAnswers(history, 'refused'));
      storeLate(history, refused);
      unstore(history, refused.slug, { isSeen: true });
    },
  },
  {
    name: 'a refused message is seen before it is tried again',
    breaks: 'P2',
    seed: (history, random) => {
      const acks = onlyAnswers(history, 'ack').filter(({ slug }) => sightingsOf(history, slug).length > 0);
      const ack = random.pick(acks);
      const seen = sightingsOf(history, ack.slug).at(-1)!;
      const { client, session, room, slug } = ack;
      insertAfter(history, seen, { ...sendOf(history, slug), at: seen.at }, { ...ack, at: seen.at });
      const text = 'Failed to send message';
      insertAfter(history, ack, { at: ack.at, kind: 'refused', client, session, room, slug, text });
      remove(history, ack);
    },
  },
  {
    name: 'a message that was sent again is stored twice',
    breaks: 'P3',
    seed: (history, random) => storeTwice(history, random.pick(repeatedAcks(history)).slug),
  },
  {
    name: 'a message that was sent again is acknowledged with another time',
    breaks: 'P3',
    seed: (history, random) => {
      random.pick(repeatedAcks(history)).timestamp += 7;
    },
  },
  {
    name: 'a message is acknowledged twice',
    breaks: 'P3',
    seed: (history, random) => {
      const ack = random.pick(onlyAnswers(history, 'ack'));
      insertAfter(history, ack, { ...ack });
    },
  },
  {
    name: 'a message is never answered on a connection that stays',
    breaks: 'P3',
    seed: (history, random) => {
      const open = openStints(history).map(placeOf);
      const acks = onlyAnswers(history, 'ack').filter((ack) =>
        open.some(({ client, session }) => ack.client === client && ack.session === session),
      );
      remove(history, random.pick(acks));
      // Late enough for an answer.
      of(history, 'end')[0]!.at += 15_000;
    },
  },
  {
    name: 'one member sees two messages in the other order',
    breaks: 'P4',
    seed: (history, random) => {
      const joins = of(history, 'joined');
      const pairs = stints(history)
        .flatMap(({ live }) => live.slice(1).map((second, i) => [live[i]!, second] as const))
        .filter(([first, second]) => !joins.some(({ at }) => at > first.at && at < second.at));
      const [first, second] = random.pick(pairs);
      [first.message, second.message] = [second.message, first.message];
    },
  },
  {
    name: "a sender's messages are stored in another order than they were sent",
    breaks: 'P4',
    seed: (history, random) => {
      const [first, second] = random.pick(successiveSends(history));
      [first.slug, second.slug] = [second.slug, first.slug];
      [first.text, second.text] = [second.text, first.text];
    },
  },
  {
    name: 'a page of history is out of order',
    breaks: 'P4',
    seed: (history, random) => {
      random.pick(of(history, 'page').filter(({ messages }) => messages.length > 1)).messages.reverse();
    },
  },
  {
    name: 'a message has another id for one member than in the database',
    breaks: 'P4',
    also: ['P5', 'P6'],
    seed: (history, random) => {
      const seen = random.pick(of(history, 'seen'));
      seen.message = { ...seen.message, id: seen.message.id + 0.5 };
    },
  },
  {
    name: 'a message is lost for one member who stays',
    breaks: 'P5',
    seed: (history, random) => {
      const own = stints(history)
        .map(({ live, lastId = 0 }) => live.filter(({ message }) => message.id > lastId))
        .filter((live) => live.length > 2);
      const live = random.pick(own);
      remove(history, live[random.integer(1, live.length - 2)]!);
    },
  },
  {
    name: 'the first message after joining is lost for one member',
    breaks: 'P5',
    seed: (history, random) => {
      const late = stints(history).filter(
        ({ begin, live }) => live.length > 1 && sendOf(history, live[0]!.message.slug).at > begin,
      );
      remove(history, random.pick(late).live[0]!);
    },
  },
  {
    name: 'the newest message never reaches one member who is there at the end',
    breaks: 'P5',
    seed: (history, random) => {
      const own = openStints(history).filter(({ begin, live }) => {
        const last = live.at(-1);
        return last !== undefined && sendOf(history, last.message.slug).at > begin;
      });
      remove(history, random.pick(own).live.at(-1)!);
    },
  },
  {
    name: 'a message is delivered twice to one member',
    breaks: 'P5',
    seed: (history, random) => {
      const seen = random.pick(of(history, 'seen'));
      insertAfter(history, seen, { ...seen });
    },
  },
  {
    name: 'a message that is sent again is broadcast again',
    breaks: 'P5',
    also: ['P6'],
    seed: (history, random) => {
      const repeats = repeatedAcks(history).flatMap((ack) =>
        stints(history)
          .filter(({ begin, leaving }) => begin < ack.at && ack.at < leaving)
          .flatMap(({ live }) => live.filter(({ at, message }) => at < ack.at && message.slug === ack.slug))
          .map((seen) => ({ ack, seen })),
      );
      const { ack, seen } = random.pick(repeats);
      insertAfter(history, ack, { ...seen, at: ack.at });
    },
  },
  {
    name: 'one member sees another text than is stored',
    breaks: 'P5',
    seed: (history, random) => {
      const seen = random.pick(of(history, 'seen'));
      seen.message = { ...seen.message, text: 'something else' };
    },
  },
  {
    name: 'history leaves out a message',
    breaks: 'P6',
    seed: (history, random) => {
      random.pick(of(history, 'page').filter(({ messages }) => messages.length > 2)).messages.splice(1, 1);
    },
  },
  {
    name: 'history ends too early for somebody who is there at the end',
    breaks: 'P6',
    seed: (history, random) => {
      const places = openStints(history).map(placeOf);
      const pages = of(history, 'page').filter(
        ({ client, room, messages }) =>
          messages.length > 0 && places.some((place) => place.client === client && place.room === room),
      );
      random.pick(pages).messages.pop();
    },
  },
  {
    name: 'history repeats what the client had',
    breaks: 'P6',
    seed: (history, random) => {
      const { after, room, messages } = random.pick(of(history, 'page').filter((page) => page.after > 0));
      const { id, slug, user, text } = history.rows.find((row) => row.id <= after && row.room === room)!;
      messages.unshift({ id, slug, user, text });
    },
  },
  ...['stranger', 'silent', 'intruder'].map((client): SeededBug => ({
    name: `a message reaches the ${client}`,
    breaks: 'P7',
    seed: (history, random) => {
      const seen = random.pick(of(history, 'seen'));
      insertAfter(history, seen, { ...seen, client, session: 1 });
    },
  })),
  {
    name: 'a message reaches a member after leaving was answered',
    breaks: 'P7',
    seed: (history, random) => {
      const deliveries = of(history, 'left').flatMap(({ at, client, session, room }) => {
        const next = of(history, 'seen').find((seen) => seen.room === room && seen.at > at);
        const back = history.events.find(
          (event) =>
            'client' in event && event.client === client && event.at > at && ['join', 'closing'].includes(event.kind),
        );
        const isAway = next !== undefined && client !== 'auditor' && (back?.at ?? Infinity) > next.at;
        return isAway ? [{ next, astray: { ...next, client, session } }] : [];
      });
      const { next, astray } = random.pick(deliveries);
      insertAfter(history, next, astray);
    },
  },
  {
    name: 'who came is told to somebody who is not in the room',
    breaks: 'P7',
    seed: (history, random) => {
      const notice = random.pick(of(history, 'user_joined'));
      insertAfter(history, notice, { ...notice, client: 'stranger', session: 1 });
    },
  },
  {
    name: 'history of the private room is given to the intruder',
    breaks: 'P7',
    seed: (history, random) => {
      const { slug } = history.setup.rooms.find(({ isPrivate }) => isPrivate)!;
      const page = random.pick(
        of(history, 'page').filter(({ room, messages }) => room === slug && messages.length > 0),
      );
      insertAfter(history, page, { ...page, client: 'intruder', session: 1 });
    },
  },
  {
    name: 'the intruder is let into the private room',
    breaks: 'P7',
    also: ['P5', 'P8'],
    seed: (history) => {
      const refused = of(history, 'join_refused').find(({ client }) => client === 'intruder')!;
      const { at, client, session, room } = refused;
      insertAfter(history, refused, { at, kind: 'joined', client, session, room, userCount: 1 });
    },
  },
  {
    name: 'an acknowledgement goes to another connection',
    breaks: 'P7',
    seed: (history, random) => {
      const ack = random.pick(onlyAnswers(history, 'ack'));
      insertAfter(history, ack, { ...ack, session: ack.session + 1_000 });
    },
  },
  {
    name: 'one observer is not told that a user left',
    breaks: 'P8',
    seed: (history, random) => {
      const last = openStints(history)
        .flatMap(noticesByUser)
        .filter((notices) => notices.length > 1 && notices.at(-1)!.kind === 'user_left');
      remove(history, random.pick(last).at(-1)!);
    },
  },
  {
    name: 'one observer is not told that a user came back',
    breaks: 'P8',
    seed: (history, random) => {
      const comings = stints(history)
        .flatMap(noticesByUser)
        .flatMap((notices) => notices.slice(1, -1).filter(({ kind }) => kind === 'user_joined'));
      remove(history, random.pick(comings));
    },
  },
  {
    name: 'user_joined is told twice',
    breaks: 'P8',
    seed: (history, random) => {
      const notice = random.pick(of(history, 'user_joined'));
      insertAfter(history, notice, { ...notice });
    },
  },
  {
    name: 'a user is told of themselves',
    breaks: 'P8',
    seed: (history, random) => {
      const notice = random.pick(of(history, 'user_joined'));
      insertAfter(history, notice, { ...notice, user: userOf(history, notice.client) });
    },
  },
  ...(['joined', 'stats'] as const).map((source): SeededBug => ({
    name: `one node counts wrongly in ${source === 'joined' ? 'room_joined' : 'its stats'}`,
    breaks: 'P8',
    seed: (history, random) => {
      random.pick(of(history, 'census').filter((census) => census.source === source)).userCount += random.pick([-1, 1]);
    },
  })),
  {
    name: 'nothing is acknowledged until Redis is back',
    breaks: 'P9',
    seed: (history) => {
      const { begin, end } = faultOn(history, 'redis');
      const acks = of(history, 'ack').filter(({ at }) => at > begin && at < end.at);
      for (const ack of acks) remove(history, ack);
      insertAfter(history, end, ...acks.map((ack) => ({ ...ack, at: end.at })));
    },
  },
  {
    name: 'messages hang while the database is away',
    breaks: 'P10',
    also: ['P3'],
    seed: (history) => {
      const { begin, end } = faultOn(history, 'database');
      for (const refused of of(history, 'refused')) {
        if (refused.at > begin && refused.at < end.at) remove(history, refused);
      }
    },
  },
  {
    name: 'connections are closed while the database is away',
    breaks: 'P10',
    seed: (history, random) => {
      const { begin, end } = faultOn(history, 'database');
      remove(history, random.pick(of(history, 'closing').filter(({ at }) => at > begin && at < end.at)));
    },
  },
  {
    name: 'a node ends by itself',
    breaks: 'CONN-4',
    seed: (history) => {
      const last = history.events.at(-2)!;
      insertAfter(history, last, { at: last.at, kind: 'exit', node: 1, code: 1, signal: null });
    },
  },
  {
    name: 'a client does not get back into service',
    breaks: 'recovery',
    seed: (history) => {
      const quiet = of(history, 'quiet')[0]!;
      insertAfter(history, quiet, { at: quiet.at, kind: 'unsettled', client: 'c1', why: 'it has no connection' });
    },
  },
];

/** Messages that one connection sent into one room, one right after the other, while nobody joined. */
function successiveSends(history: History): [ReturnType<typeof sendOf>, ReturnType<typeof sendOf>][] {
  const slugs = new Set(onlyAnswers(history, 'ack').map(({ slug }) => slug));
  const sends = of(history, 'send').filter(({ slug }) => slugs.has(slug));
  const joins = of(history, 'joined');
  return sends.flatMap((first, i) => {
    const second = sends
      .slice(i + 1)
      .find((send) => send.client === first.client && send.session === first.session && send.room === first.room);
    const isAlone = second && !joins.some(({ at }) => at > first.at && at < second.at);
    return isAlone && rowOf(history, first.slug).id < rowOf(history, second.slug).id ? [[first, second]] : [];
  });
}
