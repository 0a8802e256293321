/**
 * `npm run fuzz`: does the server survive frames that are wrong in every way? See `--help`.
 */
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../verify/random.mjs';
import { Attacker } from './attacker.mjs';
import { Bystander } from './bystander.mjs';
import { FuzzedServer } from './fuzzed-server.mjs';
import { parseOptions, USAGE } from './options.mjs';

/** After this share of the frames the memory is what it is; a server that grows goes on to. */
const WARM = 0.25;
const GROWTH_MB = 200;
const SETTLED_MS = 20_000;
const MOST_LOG_LINES = 200;

const say = (/** @type {string} */ line) => void process.stdout.write(`${line}\n`);

try {
  const options = parseOptions();
  if (options.help) process.stdout.write(USAGE);
  else await fuzz(options);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

/** @param {import('./options.mjs').Options} options @throws Error for whatever the server must not do */
async function fuzz({ frames, seed, connections, database }) {
  say(`seed ${seed}: npm run fuzz -- --frames ${frames} --seed ${seed} --connections ${connections}`);
  const server = await FuzzedServer.start(database);
  try {
    const { port } = server;
    const random = new Random(seed);
    const bystander = new Bystander({ port, userId: await server.makeUser('bystander') });
    const attackers = [];
    for (let i = 0; i < connections; i++) {
      const userId = await server.makeUser(`attacker-${i}`);
      attackers.push(new Attacker(random.derive(`attacker ${i}`), { port, userId }));
    }
    const began = performance.now();
    let sent = 0;
    let warmMb = 0;
    const draw = (/** @type {number} */ wanted) => {
      const count = Math.min(wanted, frames - sent);
      sent += count;
      if (warmMb === 0 && sent >= frames * WARM) warmMb = server.megabytes;
      return count;
    };
    const attacks = Promise.all(attackers.map((attacker) => attacker.attack(draw))).finally(() => bystander.stop());
    const [, longestMs] = await Promise.all([attacks, bystander.talk()]);
    const seconds = (performance.now() - began) / 1_000;
    await settle(server);
    const endMb = server.megabytes;
    say(
      `${sent} frames in ${seconds.toFixed(1)} s (${Math.round(sent / seconds)}/s); ` +
        `the bystander waited ${longestMs} ms at most; memory ${warmMb} MB, then ${endMb} MB`,
    );
    if (endMb > warmMb + GROWTH_MB) throw new Error(`The server grew from ${warmMb} to ${endMb} MB`);
    const lines = server.logged.split('\n').length;
    if (lines > MOST_LOG_LINES) throw new Error(`The server logged ${lines} lines`);
    bystander.end();
    if (!(await server.stop())) throw new Error('The server did not end as it should');
  } catch (error) {
    const state = server.hasEnded ? 'The server ended.' : 'The server runs.';
    const problem = error instanceof Error ? error.message : String(error);
    throw new Error(
      `FAILED with seed ${seed}: ${problem}\n${state} The end of its log:\n${server.logged.slice(-3_000)}`,
      {
        cause: error,
      },
    );
  } finally {
    if (!server.hasEnded) await server.stop();
  }
}

/** Waits until nothing is left of the attackers. @param {FuzzedServer} server */
async function settle(server) {
  const deadline = Date.now() + SETTLED_MS;
  for (;;) {
    const connections = await server.metric('milonga_connections');
    const rooms = await server.metric('milonga_rooms');
    if (connections === 1 && rooms === 1) return;
    if (Date.now() > deadline) throw new Error(`${connections} connections and ${rooms} rooms are left over`);
    await sleep(200);
  }
}
