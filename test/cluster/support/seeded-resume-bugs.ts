import type { History } from '../../../verify/history/events.mjs';
import { insertAfter, openStints, remove, replays, resumes, stints, type Replay } from './history-editing.js';
import type { SeededBug } from './seeded-bugs.js';

/** Those of a server that has those who come back resume (RES-1). */
export const SEEDED_RESUME_BUGS: readonly SeededBug[] = [
  {
    name: 'a resume leaves out a message',
    breaks: 'P6',
    seed: (history, random) => {
      const { replayed } = random.pick(replays(history).filter((replay) => replay.replayed.length > 2));
      remove(history, replayed[random.integer(1, replayed.length - 2)]!);
    },
  },
  {
    name: 'a resume brings nothing of what was missed',
    breaks: 'P6',
    seed: (history, random) => {
      const { replayed } = random.pick(followedReplays(history));
      for (const seen of replayed) remove(history, seen);
    },
  },
  {
    name: 'a resume ends too early for somebody who stays',
    breaks: 'P6',
    seed: (history, random) => {
      const open = openStints(history).map(({ resumes }) => resumes.at(-1)?.joined);
      const ends = replays(history).filter(
        ({ resume, replayed, live }) => replayed.length > 0 && (live.length > 0 || open.includes(resume.joined)),
      );
      remove(history, random.pick(ends).replayed.at(-1)!);
    },
  },
  {
    name: 'a resume repeats what the client had',
    breaks: 'P6',
    also: ['P5'],
    seed: (history, random) => {
      const { resume } = random.pick(replays(history).filter((replay) => replay.resume.after > 0));
      const { at, client, session, room } = resume.joined;
      const { id, slug, user, text } = history.rows.findLast((row) => row.id <= resume.after && row.room === room)!;
      const message = { id, slug, user, text };
      insertAfter(history, resume.joined, { at, kind: 'seen', client, session, room, message });
    },
  },
  {
    name: 'a resume brings a message twice',
    breaks: 'P5',
    seed: (history, random) => {
      const { replayed } = random.pick(replays(history).filter((replay) => replay.replayed.length > 1));
      insertAfter(history, replayed.at(-1)!, { ...replayed[0]!, at: replayed.at(-1)!.at });
    },
  },
  {
    name: 'a message of a resume comes again as a live one',
    breaks: 'P5',
    seed: (history, random) => {
      const { replayed, live } = random.pick(followedReplays(history));
      insertAfter(history, live[0]!, { ...replayed.at(-1)!, at: live[0]!.at });
    },
  },
  {
    name: 'a resume is out of order',
    breaks: 'P4',
    seed: (history, random) => {
      const { replayed } = random.pick(replays(history).filter((replay) => replay.replayed.length > 1));
      const [first, second] = [replayed[0]!, replayed[1]!];
      [first.message, second.message] = [second.message, first.message];
    },
  },
  {
    name: 'a live message comes before a resume has ended',
    breaks: 'P4',
    also: ['P6'],
    seed: (history, random) => {
      const { replayed, live } = random.pick(followedReplays(history));
      const [late, early] = [replayed.at(-1)!, live[0]!];
      [late.message, early.message] = [early.message, late.message];
    },
  },
  {
    name: 'a message comes before the answer to the join that resumes',
    breaks: 'P6',
    seed: (history, random) => {
      const first = stints(history).flatMap(({ resumes: [resume] }) => resume ?? []);
      const { join, live } = random.pick(first.filter((resume) => resume.recovered && resume.live.length > 0));
      const [seen] = live;
      remove(history, seen!);
      insertAfter(history, join, { ...seen!, at: join.at });
    },
  },
  {
    name: 'a resume names an older message as the newest',
    breaks: 'P6',
    seed: (history, random) => {
      const { resume } = random.pick(replays(history).filter((replay) => replay.replayed.length > 1));
      resume.joined.lastId = resume.after;
    },
  },
  {
    name: 'a resume names a newest message that there is not yet',
    breaks: 'P6',
    seed: (history, random) => {
      const { resume, live } = random.pick(replays(history).filter((replay) => replay.live.length > 0));
      resume.joined.lastId = live.at(-1)!.message.id;
    },
  },
  {
    name: 'a resume that was to be paged is called whole',
    breaks: 'P6',
    seed: (history, random) => {
      const paged = resumes(history).filter(({ recovered, live }) => !recovered && live.length > 0);
      random.pick(paged).joined.recovered = true;
    },
  },
  {
    name: 'a resume that is called not whole is replayed',
    breaks: 'P6',
    seed: (history, random) => {
      const { resume } = random.pick(replays(history).filter((replay) => replay.replayed.length > 0));
      resume.joined.recovered = false;
    },
  },
];

function followedReplays(history: History): Replay[] {
  return replays(history).filter(({ replayed, live }) => replayed.length > 0 && live.length > 0);
}
