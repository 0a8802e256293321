import { afterEach, expect, test } from '@jest/globals';
import type { Receipt } from '../../src/client/index.js';
import { Random } from '../../verify/random.mjs';
import { describeOwnServer } from '../support/suite.js';
import { unique } from '../support/unique.js';
import { eventually } from '../support/waiting.js';
import { FlakyLink } from './flaky-link.js';
import { closeClients, sdkMember, type Member } from './sdk.js';

const SECONDS = Number(process.env['SDK_FLAKY_SECONDS'] ?? 20);
/** Another number is another series of faults. */
const SEED = process.env['SDK_FLAKY_SEED'] ?? 'milonga';
const CLIENTS = 6;
/** The client's longest back-off, its longest patience with a silent link, and some. */
const SETTLE_MS = 150_000;

/** Says something a few times a second, whatever the state of the link. */
async function chat({ room, user }: Member, until: number, random: Random): Promise<Receipt[]> {
  const receipts: Promise<Receipt>[] = [];
  while (Date.now() < until) {
    const size = random.integer(1, 3);
    for (let n = 0; n < size; n++) receipts.push(room.send(`${user.username} says ${receipts.length}`));
    const next = Date.now() + random.between(0, 1_000);
    await eventually('A while later', () => Date.now() >= next || undefined, { every: 20 });
  }
  return Promise.all(receipts);
}

describeOwnServer('Flaky links', { environment: { REPLAY_LIMIT: '25' }, on: 'one' }, (server) => {
  afterEach(closeClients);

  test(
    `${CLIENTS} clients for ${SECONDS} s: nothing lost, doubled or out of order`,
    async () => {
      const random = new Random(SEED);
      const slug = unique('room');
      const links = await Promise.all(
        Array.from({ length: CLIENTS }, async (_, n) => FlakyLink.to(server.url, random.derive(`link ${n}`))),
      );
      const members: Member[] = [];
      for (const { url } of links) members.push(await sdkMember(server, slug, url));
      let losses = 0;
      for (const { client } of members) {
        let was = client.state.status;
        client.on('state', ({ status }) => {
          if (was === 'online' && status === 'offline') losses += 1;
          was = status;
        });
      }

      const until = Date.now() + SECONDS * 1_000;
      const faults = links.map(async (link) => link.misbehave(SECONDS >= 120));
      const said = members.map(async (member, n) => chat(member, until, random.derive(`client ${n}`)));
      await eventually('The end of the bad time', () => Date.now() >= until || undefined, {
        within: SECONDS * 1_000 + 10_000,
      });
      await Promise.all(links.map(async (link) => link.settle()));
      await Promise.all(faults);
      for (const { client } of members) client.connect();
      const receipts = (await Promise.all(said)).flat();

      const stored = await server.history(slug, members[0]!.user);
      const storedIds = stored.map(({ id }) => id);
      for (const member of members) {
        await eventually('It has seen the last message', () => member.room.lastId === storedIds.at(-1) || undefined, {
          within: SETTLE_MS,
        });
        expect(member.seen.map(({ id }) => id)).toEqual(storedIds);
        expect(member.room.outbox).toEqual([]);
      }
      expect(stored.map((message) => message.slug).sort()).toEqual(receipts.map(({ messageId }) => messageId).sort());
      for (const { user } of members) {
        const own = stored.filter(({ message }) => message.startsWith(`${user.username} says `));
        expect(own.map(({ message }) => message)).toEqual(own.map((_, n) => `${user.username} says ${n}`));
      }

      const counts = new Map<string, number>();
      for (const fault of links.flatMap((link) => link.faults)) counts.set(fault, (counts.get(fault) ?? 0) + 1);
      const told = Array.from(counts, ([fault, count]) => `${fault} ${count}`);
      process.stdout.write(
        `Flaky links, ${SECONDS} s: ${stored.length} messages, ${losses} connections lost; ${told.join(', ')}\n`,
      );
      expect(losses).toBeGreaterThan(0);
      await Promise.all(links.map(async (link) => link.stop()));
    },
    SECONDS * 1_000 + 2 * SETTLE_MS,
  );
});
