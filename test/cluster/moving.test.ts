import { expect, test } from '@jest/globals';
import type { TestClient } from '../support/ws-client.js';
import { describeNodes } from './nodes.js';

const MOVES = 50;

function isVisit({ type }: { readonly type: string }): boolean {
  return type === 'user_joined' || type === 'user_left';
}

/** Who was told to have come or gone, once so many visits have been told. */
async function visits(client: TestClient, count: number): Promise<string[]> {
  await client.until(`${count} visits`, () => client.received.filter(isVisit).length >= count);
  return client.received.filter(isVisit).map(({ type }) => type);
}

describeNodes('Somebody who moves between two nodes', {}, (server) => {
  async function watched() {
    const { roomSlug, a, b } = await server.couple();
    a.received.length = 0;
    return { roomSlug, watchers: [a, b], carl: await server.makeUser('carl') };
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
});
