/** A, B and C: closed loops. Every sender keeps a fixed number of messages unacknowledged, as fast as the server goes. */
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { ChatFrames } from '../generator/client-frames.mjs';
import { Population } from '../generator/population.mjs';
import { measureCpu } from '../harness/cpu-time.mjs';

/** 64 characters. */
const MESSAGE = 'Nos vemos en la milonga del viernes, llevo zapatos y muchas gana';
const DRAIN_TIMEOUT_MS = 30_000;

/**
 * @param {import('./catalogue.mjs').Throughput & { server: import('../generator/population.mjs').ServerUnderTest, run: string }} task
 * @param {import('../generator/main.mjs').Context} context
 */
export async function throughput(task, { reach }) {
  const { server, rooms, roomSize, senders, unacknowledged } = task;
  const population = new Population(server, { roomSize, roomPrefix: `${task.name.toLowerCase()}` });
  const { tally, clients } = population;
  await population.growTo(rooms * roomSize);

  let isSending = false;
  const start = clients.flatMap((client, i) => {
    if (i % roomSize >= senders) return [];
    const chat = { roomSlug: population.roomOf(i), message: MESSAGE, idPrefix: `${task.run}-` };
    const frames = new ChatFrames(population.dialect, chat);
    const send = (/** @type {number} */ howMany) => {
      tally.sent += howMany;
      client.write(frames.next(howMany));
    };
    client.onAcks = (howMany) => {
      if (isSending) send(howMany);
    };
    return [() => send(unacknowledged)];
  });

  /** Sends for a while, then waits until everything sent has arrived everywhere. @param {number} ms */
  const phase = async (ms) => {
    isSending = true;
    for (const begin of start) begin();
    await sleep(ms);
    isSending = false;
    const isDrained = () => tally.acks >= tally.sent && tally.deliveries >= tally.sent * roomSize;
    await tally.until(isDrained, 'The last deliveries', DRAIN_TIMEOUT_MS);
  };

  // Nodes share the messages: each is to have compiled as much as a lone one has.
  await phase(task.warmUpMs * server.ports.length);
  await reach('begin');
  const before = { at: performance.now(), ...tally };
  const spent = measureCpu(server.pids);
  await phase(task.windowMs);
  const cpu = spent();
  const seconds = (performance.now() - before.at) / 1_000;
  await reach('end');

  population.leave();
  const perMember = tally.sent / rooms;
  const surplus = clients.find(({ deliveries }) => rooms === 1 && deliveries !== perMember);
  if (surplus || tally.acks !== tally.sent || tally.deliveries !== tally.sent * roomSize) {
    throw new Error(`Deliveries are not messages × members: ${tally}`);
  }
  return {
    deliveries: tally.deliveries - before.deliveries,
    messages: tally.sent - before.sent,
    ...cpu,
    seconds,
  };
}
