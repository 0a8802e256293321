import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from './client.mjs';
import { DIALECTS } from './dialects.mjs';
import { Tally } from './tally.mjs';
import { signToken } from './tokens.mjs';

/**
 * @typedef {object} ServerUnderTest
 * @property {number[]} pids
 * @property {number[]} ports of its nodes
 * @property {string} dialect
 * @property {string} jwtSecret
 */

/** Connections that are on their way at once. */
const CONCURRENT_JOINS = 64;
const JOIN_TIMEOUT_MS = 180_000;
const SILENCE_MS = 200;

/** The members of a task: user 1 and on, spread over rooms of one size. */
export class Population {
  tally = new Tally();
  /** @type {Client[]} */
  clients = [];

  /** @param {ServerUnderTest} server @param {{ roomSize: number, roomPrefix: string }} rooms */
  constructor(server, { roomSize, roomPrefix }) {
    this.server = server;
    this.roomSize = roomSize;
    this.roomPrefix = roomPrefix;
    this.dialect = DIALECTS[server.dialect];
  }

  /** @param {number} i @returns {string} the room of client `i` */
  roomOf(i) {
    return `${this.roomPrefix}-${Math.floor(i / this.roomSize)}`;
  }

  /** Lets clients come until there are `total`, and waits until everybody has heard of everybody. @param {number} total */
  async growTo(total) {
    // Signing is not part of anyone's cost, so it is done before.
    const tokens = Array.from({ length: total }, (_, i) =>
      i < this.clients.length ? '' : signToken(this.server.jwtSecret, i + 1),
    );
    let joined = this.clients.length;
    const comeOneByOne = async () => {
      while (this.clients.length < total && !this.tally.failure) {
        const i = this.clients.length;
        const client = new Client({
          port: this.#portOf(i),
          dialect: this.dialect,
          tally: this.tally,
          token: tokens[i],
          roomSlug: this.roomOf(i),
        });
        this.clients.push(client);
        await client.join();
        joined += 1;
        this.tally.changed();
      }
    };
    for (let i = 0; i < CONCURRENT_JOINS; i++) void comeOneByOne();
    const isCountable = this.server.ports.length === 1;
    const expected = this.#expectedUserJoined(total);
    const isComplete = () => joined === total && (!isCountable || this.tally.userJoined === expected);
    await this.tally.until(isComplete, `Joining of ${total} members`, JOIN_TIMEOUT_MS);
    if (!isCountable) await this.#silenceAboutJoins();
  }

  leave() {
    for (const client of this.clients) client.reset();
  }

  /** The members of a room, its senders too, take the nodes in turn. @param {number} i */
  #portOf(i) {
    const { ports } = this.server;
    return ports[(i % this.roomSize) % ports.length];
  }

  /** Of two who come to different nodes at once, both may be told of the other, or find each other there already. */
  async #silenceAboutJoins() {
    let before;
    do {
      before = this.tally.userJoined;
      await sleep(SILENCE_MS);
    } while (this.tally.userJoined !== before);
  }

  /** On one node, each pair in a room: one told the other. @param {number} total */
  #expectedUserJoined(total) {
    const pairs = (/** @type {number} */ n) => (n * (n - 1)) / 2;
    return Math.floor(total / this.roomSize) * pairs(this.roomSize) + pairs(total % this.roomSize);
  }
}
