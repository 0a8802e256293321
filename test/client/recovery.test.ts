import { afterEach, expect, test } from '@jest/globals';
import type { ConnectionState } from '../../src/client/index.js';
import { describeOwnServer } from '../support/suite.js';
import { claimsFor, secondsFromNow, signToken } from '../support/tokens.js';
import { unique } from '../support/unique.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { eventually } from '../support/waiting.js';
import { closeClients, sdkClient, sdkMember, texts, untilSeen, untilState } from './sdk.js';

const REPLAY_LIMIT = 5;
const settings = { REPLAY_LIMIT: String(REPLAY_LIMIT), DRAIN_TIMEOUT_MS: '4000' };

describeOwnServer('Coming back', { environment: settings, on: 'one' }, (server) => {
  afterEach(closeClients);

  const numbered = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => `message ${from + n}`);

  /** A proxy in front of the server. */
  const proxied = async () => {
    const { hostname: host, port } = new URL(server.url);
    const proxy = await TcpProxy.start({ host, port: Number(port) });
    return { proxy, url: `ws://127.0.0.1:${proxy.port}` };
  };

  test.each([
    ['few messages, which follow the join', REPLAY_LIMIT],
    ['many, which it pages through', 3 * REPLAY_LIMIT],
    ['more than a page of history', 230],
  ])('after %s, nothing is missing', async (_, missed) => {
    const { proxy, url } = await proxied();
    const ana = await sdkMember(server);
    const bob = await sdkMember(server, ana.room.slug, url);
    await ana.room.send('message 0');
    await untilSeen(bob, 1);
    await proxy.refuse();
    await untilState(bob.client, 'offline');
    await Promise.all(numbered(1, missed).map(async (text) => ana.room.send(text)));
    await proxy.restore();
    bob.client.connect();
    await eventually('Bob is back', () => bob.room.state === 'joined' || undefined);
    await ana.room.send(`message ${missed + 1}`);
    await untilSeen(bob, missed + 2);
    expect(texts(bob.seen)).toEqual(numbered(0, missed + 1));
    await proxy.stop();
  });

  test('join({after}) begins after what the application has already', async () => {
    const ana = await sdkMember(server);
    for (const text of numbered(0, 9)) await ana.room.send(text);
    await untilSeen(ana, 10);
    const client = sdkClient(server.socketUrl, await server.makeUser());
    const room = client.room(ana.room.slug);
    const seen: string[] = [];
    room.on('message', ({ message }) => seen.push(message));
    client.connect();
    await room.join({ after: ana.seen[1]!.id });
    await eventually('All that came later', () => seen.length === 8 || undefined);
    expect(seen).toEqual(numbered(2, 9));
    expect(await room.history({ before: ana.seen[2]!.id })).toEqual({ messages: ana.seen.slice(0, 2), hasMore: false });
  });

  test('a server that is killed loses nothing that was said meanwhile', async () => {
    const ana = await sdkMember(server, unique('room'));
    const bob = await sdkMember(server, ana.room.slug);
    const before = numbered(0, 4).map(async (text) => ana.room.send(text));
    await before[0];
    await server.process.kill();
    await untilState(ana.client, 'offline');
    const after = numbered(5, 9).map(async (text) => ana.room.send(text));
    await server.launch();
    await Promise.all([...before, ...after]);
    for (const member of [ana, bob]) expect(await untilSeen(member, 10)).toEqual(numbered(0, 9));
    const stored = await server.history(ana.room.slug, ana.user);
    expect(stored.map(({ message }) => message)).toEqual(numbered(0, 9));
  });

  test('an answer that was lost on the way: the message is stored once', async () => {
    const { proxy, url } = await proxied();
    const ana = await sdkMember(server, unique('room'), url);
    const bob = await sdkMember(server, ana.room.slug);
    proxy.swallowAnswers();
    const said = ana.room.send('Hola');
    await untilSeen(bob, 1);
    expect(ana.room.outbox).toMatchObject([{ text: 'Hola', status: 'sending' }]);
    await proxy.restore();
    await said;
    await untilSeen(ana, 1);
    expect(ana.seen).toEqual(bob.seen);
    expect(await server.history(ana.room.slug, ana.user)).toHaveLength(1);
    await proxy.stop();
  });

  test('a link on which nothing is heard any more is noticed, and replaced', async () => {
    const { proxy, url } = await proxied();
    const ana = await sdkMember(server, unique('room'), url);
    proxy.stall();
    expect((await untilState(ana.client, 'offline', 90_000)).reason).toBe('network');
    await proxy.restore();
    await ana.room.send('Hola');
    await proxy.stop();
  });

  test('a drain tells each client when to come back', async () => {
    const members = [await sdkMember(server), await sdkMember(server), await sdkMember(server)];
    const ends = members.map(
      async ({ client }) =>
        new Promise<ConnectionState>((resolve) => {
          const end = client.on('state', (state) => {
            end();
            resolve(state);
          });
        }),
    );
    server.process.signal('SIGTERM');
    for (const state of await Promise.all(ends)) {
      expect(state).toMatchObject({ status: 'offline', reason: 'restarting', retryAt: expect.any(Number) });
    }
    await server.process.ended;
    await server.launch();
    await Promise.all(members.map(async ({ room }) => room.send('Hola')));
  });

  test('a token is renewed before it expires, on the same connection', async () => {
    const user = await server.makeUser();
    const tokenFor = async (seconds: number) => signToken(claimsFor(user.id, { exp: secondsFromNow(seconds) }));
    const tokens = [await tokenFor(30), await tokenFor(600)];
    const client = sdkClient(server.socketUrl, user, { getToken: () => tokens.shift() });
    const states: string[] = [];
    client.on('state', ({ status }) => states.push(status));
    client.connect();
    await eventually('The second token is asked for', () => tokens.length === 0 || undefined, { within: 60_000 });
    await eventually('Authenticated anew', () => states.length === 3 || undefined, { within: 60_000 });
    expect(states).toEqual(['connecting', 'online', 'online']);
  });
});
