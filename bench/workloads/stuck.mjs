/**
 * One hot room at a fixed rate, which a server bears with ease; first alone, then with members who have joined and do
 * not read any more. What do the healthy members notice, and what does the server keep for the others?
 */
import { performance } from 'node:perf_hooks';
import { clearInterval, setInterval } from 'node:timers';
import { setTimeout as sleep } from 'node:timers/promises';
import { ChatFrames } from '../generator/client-frames.mjs';
import { Population } from '../generator/population.mjs';
import { measureCpu } from '../harness/cpu-time.mjs';
import { MemoryWatch } from '../harness/memory-watch.mjs';
import { quantile } from '../harness/statistics.mjs';

/** 4,000 characters, the most that a message may have: the kernel's buffers are to be full soon. */
const MESSAGE = 'Nos vemos en la milonga del viernes con zapatos. '.repeat(100).slice(0, 4_000);
const TICK_MS = 1;
/** Seldom, because it costs the server something. */
const POLL_MS = 500;
/** The server gives whom it cuts off 2 s to answer. */
const CUT_OFF_MS = 2_500;
const DRAIN_TIMEOUT_MS = 30_000;

/** @typedef {import('./catalogue.mjs').Stuck & { server: import('../generator/population.mjs').ServerUnderTest, run: string }} Task */

/** @param {Task} task @param {import('../generator/main.mjs').Context} context */
export async function stuck(task, { reach }) {
  const { server, healthy, roomSize } = task;
  const population = new Population(server, { roomSize, roomPrefix: 'stuck' });
  await population.growTo(healthy);
  const traffic = new Traffic(population, task);
  const cutBefore = await slowClientsCut(server.ports);
  await traffic.during(() => sleep(task.warmUpMs));
  const alone = await traffic.during(() => sleep(task.windowMs));

  const memory = new MemoryWatch(server.pids);
  await population.growTo(roomSize);
  for (const client of population.clients.slice(healthy)) client.stopReading();
  await reach('begin');
  const spent = measureCpu(server.pids);
  let cutMs = 0;
  let cut = 0;
  const beset = await traffic.during(async () => {
    const begin = performance.now();
    while (cut < roomSize - healthy && cutMs < task.timeoutMs) {
      await sleep(POLL_MS);
      cut = (await slowClientsCut(server.ports)) - cutBefore;
      cutMs = performance.now() - begin;
    }
    await sleep(CUT_OFF_MS);
  });
  const rss = memory.end();
  const cpu = spent();
  await reach('end');
  await reach('settled');
  traffic.check();
  population.leave();
  return { aloneMs: quantile(alone, 0.99), besetMs: quantile(beset, 0.99), cut, cutMs, rss, ...cpu };
}

/** Messages of a task's senders, in turn and at its rate; and how long they take to each healthy member. */
class Traffic {
  #tally;
  #perSecond;
  #healthy;
  /** @type {(() => void)[]} */
  #senders;
  /** @type {number[]} of every message so far */
  #sentAt = [];
  /** @type {number[]} */
  #latencies = [];

  /** @param {Population} population of all healthy members, and nobody else yet @param {Task} task */
  constructor(population, { perSecond, senders, run }) {
    this.#tally = population.tally;
    this.#perSecond = perSecond;
    this.#healthy = [...population.clients];
    const chat = { roomSlug: population.roomOf(0), message: MESSAGE, idPrefix: `${run}-` };
    this.#senders = this.#healthy.slice(0, senders).map((client) => {
      const frames = new ChatFrames(population.dialect, chat);
      return () => client.write(frames.next(1));
    });
    for (const client of this.#healthy) client.onDeliveries = (count) => this.#received(client.deliveries, count);
  }

  /** @param {() => Promise<void>} work @returns {Promise<number[]>} milliseconds from send to `new_message` meanwhile */
  async during(work) {
    const tally = this.#tally;
    this.#latencies = [];
    const begin = performance.now();
    const sentBefore = tally.sent;
    const sendWhatIsDue = () => {
      const due = sentBefore + ((performance.now() - begin) / 1_000) * this.#perSecond;
      while (tally.sent < due) this.#sendOne();
    };
    const timer = setInterval(sendWhatIsDue, TICK_MS);
    try {
      await work();
    } finally {
      clearInterval(timer);
    }
    const isDrained = () => tally.acks >= tally.sent && tally.deliveries >= tally.sent * this.#healthy.length;
    await tally.until(isDrained, 'The last deliveries', DRAIN_TIMEOUT_MS);
    return this.#latencies;
  }

  /** @throws Error unless every healthy member got every message once */
  check() {
    const isComplete = this.#healthy.every(({ deliveries }) => deliveries === this.#tally.sent);
    if (!isComplete) throw new Error(`Deliveries are not messages × healthy members: ${this.#tally}`);
  }

  #sendOne() {
    const send = this.#senders[this.#tally.sent % this.#senders.length];
    this.#sentAt.push(performance.now());
    this.#tally.sent += 1;
    send();
  }

  /**
   * They are taken to come in the order sent: those that overtake one another leave the server in one batch.
   *
   * @param {number} first @param {number} count
   */
  #received(first, count) {
    const now = performance.now();
    for (let i = first; i < first + count; i++) this.#latencies.push(now - this.#sentAt[i]);
  }
}

/** @param {number[]} ports @returns {Promise<number>} of all nodes */
async function slowClientsCut(ports) {
  const counts = await Promise.all(
    ports.map(async (port) => {
      const response = await globalThis.fetch(`http://127.0.0.1:${port}/metrics`);
      return Number(/^milonga_slow_clients_cut_total (\d+)/m.exec(await response.text())?.[1]);
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}
