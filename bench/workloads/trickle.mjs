/** One message at a time, nothing else going on; after each a bare INSERT, as what a durable answer costs at least. */
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { ChatFrames } from '../generator/client-frames.mjs';
import { Population } from '../generator/population.mjs';
import { measureCpu } from '../harness/cpu-time.mjs';
import { median } from '../harness/statistics.mjs';

const MESSAGE = 'Nos vemos en la milonga del viernes, llevo zapatos y muchas gana';
const ANSWER_TIMEOUT_MS = 5_000;
const AUTHOR_OF_BARE_INSERTS = 0;
const BARE_ROOM = 'trickle-bare';

/**
 * @param {import('./catalogue.mjs').Trickle & {
 *   server: import('../generator/population.mjs').ServerUnderTest, run: string, databaseUrl: string }} task
 * @param {import('../generator/main.mjs').Context} context
 */
export async function trickle(task, { reach }) {
  const { server, roomSize, warmUp, messages, pauseMs } = task;
  const population = new Population(server, { roomSize, roomPrefix: 'trickle' });
  const { tally } = population;
  await population.growTo(roomSize);
  const [sender] = population.clients;
  const chat = { roomSlug: population.roomOf(0), message: MESSAGE, idPrefix: `${task.run}-` };
  const frames = new ChatFrames(population.dialect, chat);

  const database = new pg.Client({ connectionString: task.databaseUrl });
  await database.connect();
  // Apart from the members' room: a server may well show them what others insert there.
  const { rows } = await database.query('INSERT INTO rooms (slug) VALUES ($1) RETURNING id', [BARE_ROOM]);
  const roomId = rows[0].id;
  const insert = {
    name: 'bare-insert',
    text: 'INSERT INTO messages (room_id, user_id, slug, message) VALUES ($1, $2, $3, $4) RETURNING id',
  };

  let ackedAt = 0;
  sender.onAcks = () => (ackedAt = performance.now());

  /** @returns {Promise<number>} milliseconds from the send to the acknowledgement */
  const sendOne = async () => {
    const sentAt = performance.now();
    tally.sent += 1;
    sender.write(frames.next(1));
    const isDone = () => tally.acks === tally.sent && tally.deliveries === tally.sent * roomSize;
    await tally.until(isDone, 'An answer', ANSWER_TIMEOUT_MS);
    return ackedAt - sentAt;
  };
  let inserted = 0;
  /** @returns {Promise<number>} */
  const insertOne = async () => {
    const values = [roomId, AUTHOR_OF_BARE_INSERTS, `${task.run}-${inserted++}`, MESSAGE];
    const sentAt = performance.now();
    await database.query({ ...insert, values });
    return performance.now() - sentAt;
  };

  // A process that has just started still interprets its code: what counts is one that has been running.
  for (let i = 0; i < warmUp; i++) {
    await sendOne();
    await insertOne();
  }
  await reach('begin');
  const spent = measureCpu(server.pids);
  const acks = [];
  const inserts = [];
  for (let i = 0; i < messages; i++) {
    acks.push(await sendOne());
    await sleep(pauseMs);
    inserts.push(await insertOne());
    await sleep(pauseMs);
  }
  const cpu = spent();
  await reach('end');
  await database.end();
  population.leave();
  return { ackMs: median(acks), insertMs: median(inserts), messages, ...cpu };
}
