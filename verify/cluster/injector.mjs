import { setTimeout as sleep } from 'node:timers/promises';
import { faultKind } from '../plan/fault-kinds.mjs';

/** @typedef {import('./cluster.mjs').Cluster} Cluster */
/** @typedef {import('../plan/fault-plan.mjs').PlannedFault} PlannedFault */

/** Does to a cluster what the plan says, and heals it. */
export class Injector {
  #cluster;
  #recorder;
  #say;
  #count = 0;
  /** Faults of one lane wait for each other, when one takes longer than was planned. @type {Map<string, Promise<void>>} */
  #lanes = new Map();

  /**
   * @param {Cluster} cluster
   * @param {import('../history/recorder.mjs').Recorder} recorder
   * @param {(line: string) => void} say
   */
  constructor(cluster, recorder, say) {
    this.#cluster = cluster;
    this.#recorder = recorder;
    this.#say = say;
  }

  /** Resolves when the last fault is healed. @param {PlannedFault[]} plan @param {boolean} isMixed */
  async run(plan, isMixed) {
    const begin = this.#recorder.now();
    const all = [];
    for (const fault of plan) {
      await sleep(Math.max(0, begin + fault.at - this.#recorder.now()));
      const { target } = faultKind(fault.name);
      const lane = isMixed && target === 'node' ? `node ${fault.node}` : target;
      const turn = (this.#lanes.get(lane) ?? Promise.resolve()).then(() => this.#inject(fault));
      this.#lanes.set(lane, turn);
      all.push(turn);
      // Awaited below; until then it must not count as unhandled.
      turn.catch(() => undefined);
    }
    await Promise.all(all);
  }

  /** @param {PlannedFault} fault */
  async #inject({ name, node, duration }) {
    const { target, everyNode } = faultKind(name);
    const nodes = everyNode ? this.#cluster.nodes.map((_, i) => i) : [node];
    for (const one of nodes) {
      const fault = ++this.#count;
      const place = { fault, name, target, ...(one === undefined ? {} : { node: one }) };
      this.#recorder.record({ kind: 'fault', phase: 'begin', ...place });
      this.#say(`${name}${one === undefined ? '' : ` ${one}`}`);
      await this.#perform(name, one ?? 0, duration);
      this.#recorder.record({ kind: 'fault', phase: 'end', ...place });
    }
  }

  /** @param {string} name @param {number} i @param {number} duration */
  async #perform(name, i, duration) {
    const { database, redis } = this.#cluster;
    const node = this.#cluster.nodes[i];
    const link = this.#cluster.links[i];
    if (!node || !link) throw new Error(`There is no node ${i}`);
    switch (name) {
      case 'node-kill':
        await node.kill();
        await sleep(duration);
        return node.start();
      case 'node-freeze':
        node.freeze();
        await sleep(duration);
        return node.thaw();
      case 'node-roll':
      case 'roll-all': {
        const isClean = await node.terminate();
        if (!isClean)
          this.#recorder.record({ kind: 'exit', node: i, code: null, signal: 'no clean end after SIGTERM' });
        await sleep(duration);
        return node.start();
      }
      case 'redis-kill':
        await redis?.kill();
        await sleep(duration);
        return redis?.start();
      case 'redis-freeze':
        redis?.freeze();
        await sleep(duration);
        return redis?.thaw();
      case 'redis-flush':
        return redis?.flush();
      case 'database-crash':
      case 'database-away':
        await database.crash();
        await sleep(duration);
        return database.start();
      case 'database-freeze':
        database.freeze();
        await sleep(duration);
        return database.thaw();
      case 'link-cut':
        return link.cut();
      case 'link-reset':
        return link.reset();
      case 'link-stall':
        link.stall();
        await sleep(duration);
        return link.restore();
      case 'link-slow':
        link.slow();
        await sleep(duration);
        return link.restore();
      case 'link-blackhole':
        link.swallow();
        await sleep(duration);
        return link.restore();
      default:
        throw new Error(`Nobody knows how to do ${name}`);
    }
  }
}
