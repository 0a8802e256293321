import { afterEach, beforeAll, expect, test } from '@jest/globals';
import type { NodeView, Overview } from '../../src/admin/overview.js';
import { http } from '../support/http.js';
import { setRole } from '../support/rows.js';
import type { TestUser } from '../support/server.js';
import { eventually } from '../support/waiting.js';
import { describeNodes } from './nodes.js';

/** A killed node's lease, a sample's interval, and time to spare. */
const SOON = { within: 40_000, every: 250 };

describeNodes('The overview of two nodes when something fails', { PRESENCE_GRACE_MS: '0' }, (server) => {
  let admin: TestUser;
  beforeAll(async () => {
    admin = await server.makeUser('admin');
    await server.arrange(async (sql) => setRole(sql, admin, 'admin'));
  });
  afterEach(async () => {
    if (server.process.hasEnded) await server.launch();
  });

  async function ask(node: number): Promise<Overview> {
    const headers = { authorization: `Bearer ${admin.token}` };
    const { status, json } = await http(`http://127.0.0.1:${server.nodePorts[node]}/admin/overview`, { headers });
    expect(status).toBe(200);
    return json as Overview;
  }

  /** Waits until one node says that of another. */
  async function says(
    asked: number,
    of: string,
    what: string,
    isSo: (node: NodeView, all: Overview) => boolean,
  ): Promise<NodeView> {
    return eventually(
      `Node ${asked} says: ${what}`,
      async () => {
        const all = await ask(asked);
        return all.nodes.find((node) => node.id === of && isSo(node, all));
      },
      SOON,
    );
  }

  const idOf = async (node: number) => (await ask(node)).nodeId;
  const hasSamples = ({ samples, state }: NodeView) => samples.length > 0 && state === 'alive';

  test('P9: without Redis each node shows itself and says so; with it again, what it missed meanwhile, too', async () => {
    const [first, second] = [await idOf(0), await idOf(1)];
    await says(0, second, 'the other is alive', hasSamples);
    await server.redis.kill();
    await says(0, second, 'the other is not heard', ({ state }, { isWhole }) => state === 'unheard' && !isWhole);
    const alone = await says(1, second, 'it is without Redis', ({ samples }) => samples.at(-1)?.isRedisUp === false);
    const { at } = alone.samples.at(-1)!;
    expect((await ask(0)).nodes.find(({ id }) => id === first)?.state).toBe('alive');
    await server.redis.start();
    await says(0, second, 'the other is alive again', hasSamples);
    await says(0, second, 'what the other saw alone', ({ samples }) => samples.some((sample) => sample.at === at));
    expect((await ask(0)).isWhole).toBe(true);
  });

  test('a node that is killed is lost, and the one in its place learns what the others saw', async () => {
    const [killed, survivor] = [await idOf(0), await idOf(1)];
    await says(1, killed, 'the other is alive', hasSamples);
    await server.process.kill();
    await says(1, killed, 'the other is lost', ({ state }) => state === 'lost');
    const { samples } = await says(1, survivor, 'what it saw', hasSamples);
    await server.launch();
    await says(0, survivor, 'what was before it', (node) => node.samples[0]?.at === samples[0]?.at);
  });

  test('a node that is stopped has left', async () => {
    const stopped = await idOf(0);
    await says(1, stopped, 'the other is alive', hasSamples);
    await server.process.stop();
    await says(1, stopped, 'the other has left', ({ state }) => state === 'left');
  });
});
