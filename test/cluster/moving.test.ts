import { afterEach, expect, test } from '@jest/globals';
import { bounded } from '../support/waiting.js';
import type { TestClient } from '../support/ws-client.js';
import { describeNodes, seenBy } from './nodes.js';

const MOVES = 50;

function isVisit({ type }: { readonly type: string }): boolean {
  return type === 'user_joined' || type === 'user_left';
}

/** Who was told to have come or gone, once so many visits have been told. */
async function visits(client: TestClient, count: number): Promise<string[]> {
  await client.until(`${count} visits`, () => client.received.filter(isVisit).length >= count);
  return client.received.filter(isVisit).map(({ type }) => type);
}

const LONG_GRACE = { PRESENCE_GRACE_MS: '60000', DRAIN_TIMEOUT_MS: '1000' };

describeNodes('Somebody who moves between two nodes', LONG_GRACE, (server) => {
  afterEach(async () => server.sendEveryoneHome());

  async function watched() {
    const { roomSlug, a, b } = await server.couple();
    a.received.length = 0;
    return { roomSlug, watchers: [a, b], carl: await server.makeUser('carl') };
  }

  /** Waits until each of two members has been told what both nodes had to tell until now. */
  async function told(roomSlug: string, members: readonly TestClient[]): Promise<void> {
    for (const [i, member] of members.entries()) {
      await member.say(roomSlug, 'Hola', `${roomSlug} ${i}`);
      for (const each of members) await each.until('the message', () => seenBy(each).includes(`${roomSlug} ${i}`));
    }
  }

  test('ROOM-5: by joining here before leaving there, is never away', async () => {
    const { roomSlug, watchers, carl } = await watched();
    let c = await server.connectTo(0, carl);
    await c.join(roomSlug);
    for (let i = 1; i <= MOVES; i += 1) {
      const next = await server.connectTo(i % 2, carl);
      await next.join(roomSlug);
      await (i % 4 < 2 ? c.leave(roomSlug) : c.close());
      c = next;
    }
    await c.leave(roomSlug);
    for (const watcher of watchers) expect(await visits(watcher, 2)).toEqual(['user_joined', 'user_left']);
  });

  test('ROOM-6: by leaving and joining again at once, has left and come', async () => {
    const { roomSlug, watchers, carl } = await watched();
    const c = await server.connectTo(0, carl);
    for (let i = 0; i < MOVES; i += 1) {
      await c.join(roomSlug);
      await c.leave(roomSlug);
    }
    const all = Array.from({ length: MOVES }, () => ['user_joined', 'user_left']).flat();
    for (const watcher of watchers) expect(await visits(watcher, 2 * MOVES)).toEqual(all);
  });

  test('ROOM-7: by dropping from both at once, has the grace', async () => {
    const { roomSlug, watchers, carl } = await watched();
    const clients = [await server.connectTo(0, carl), await server.connectTo(1, carl)];
    for (const client of clients) await client.join(roomSlug);
    for (const client of clients) client.drop();
    await told(roomSlug, watchers);
    const again = await server.connectTo(1, carl);
    expect(await again.join(roomSlug)).toMatchObject({ userCount: 3 });
    await again.leave(roomSlug);
    for (const watcher of watchers) expect(await visits(watcher, 2)).toEqual(['user_joined', 'user_left']);
  });

  test('ROOM-7, P8: from a node that is deployed anew, is where they are now, and nowhere else', async () => {
    const { roomSlug, carl, watchers } = await watched();
    const [a, b] = watchers;
    await a!.leave(roomSlug);
    await b!.nextOfType('user_left');
    b!.received.length = 0;
    const c = await server.connectTo(0, carl);
    await c.join(roomSlug);
    server.process.signal('SIGTERM');
    await bounded(server.process.ended, 'The end of the process');
    const moved = await server.connectTo(1, carl);
    await moved.join(roomSlug);
    await server.launch();
    const dora = await server.makeUser('dora');
    const d = await server.connectTo(0, dora);
    expect(await d.join(roomSlug)).toMatchObject({ userCount: 3 });
    await moved.leave(roomSlug);
    // Dora came meanwhile.
    expect(await visits(b!, 3)).toEqual(['user_joined', 'user_joined', 'user_left']);
    expect(await d.nextOfType('user_left')).toMatchObject({ data: { userId: carl.id } });
  });
});
