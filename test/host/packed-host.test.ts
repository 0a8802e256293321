import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { rmSync } from 'node:fs';
import { auth, joinRoom } from '../support/client-frames.js';
import {
  authError,
  authSuccess,
  errorFrame,
  eventFrame,
  messageSent,
  newMessage,
  userJoined,
  type Person,
} from '../support/server-frames.js';
import { claimsFor, signToken } from '../support/tokens.js';
import { HostServer } from './host-server.js';
import { installHost } from './installed-host.js';

// Before the suites are defined: without the registry they are shown as skipped.
const host = await installHost();
const describeHost = host ? describe.each(['forRoot', 'forRootAsync']) : describe.skip.each(['forRoot']);
const reason = host ? '' : ' [skipped: the npm registry cannot be reached]';

describeHost(`the packed package in another Nest application, by MilongaModule.%s${reason}`, (way) => {
  const server = new HostServer(host!, way);
  const ana: Person = { id: 7, username: 'ana', name: 'Ana of the host' };
  const bruno: Person = { id: 8, username: 'bruno', name: 'Bruno of the host' };
  const carla = { id: 9 };

  const tokenOf = ({ id }: { id: number }) => signToken(claimsFor(id));
  const connected = async (person: Person) => server.connectAs({ token: await tokenOf(person) });

  beforeAll(async () => server.start(), 60_000);
  afterEach(async () => server.sendEveryoneHome());
  afterAll(async () => server.stop(), 60_000);

  test('the users are those of the host', async () => {
    const client = await server.connect();
    client.send(auth(await tokenOf(ana)));
    expect(await client.next()).toEqual(authSuccess(ana));

    const inactive = await server.connect();
    inactive.send(auth(await tokenOf(carla)));
    expect(await inactive.next()).toEqual(authError());
    expect((await inactive.closed).code).toBe(4401);
  });

  test('they chat', async () => {
    const [first, second] = [await connected(ana), await connected(bruno)];
    await first.join('practica');
    second.send(joinRoom('practica'));
    expect(await first.next()).toEqual(userJoined(bruno, 'practica'));

    const [sent] = await first.say('practica', 'Vamos a bailar', 'host-1');
    expect(sent).toEqual(messageSent('practica', 'host-1'));
    expect(await second.nextOfType('new_message')).toEqual(newMessage(ana, 'practica', 'Vamos a bailar', 'host-1'));
  });

  test('the host sends to one user', async () => {
    const client = await connected(ana);
    const answer = await server.post('/live/users/7', { title: 'New follower' });
    expect(answer.json).toEqual({ reached: 1 });
    expect(await client.next()).toEqual(eventFrame('notification', { title: 'New follower' }));
  });

  test('the host sends to the followers that it knows', async () => {
    const [author, follower] = [await connected(ana), await connected(bruno)];
    const answer = await server.post('/live/users/7/followers', { postId: 789 });
    expect(answer.json).toEqual({ reached: 1 });
    expect(await follower.next()).toEqual(eventFrame('user_post_created', { postId: 789 }));
    expect(await author.barrier()).toEqual([]);
  });

  test.each(['host_throws', 'host_rejects', 'host_throws_nothing', 'host_answers_with_a_circle'])(
    'CONN-4, LIMIT-4: a handler that fails, %s, harms nobody and tells nothing',
    async (type) => {
      const [client, bystander] = [await connected(ana), await connected(bruno)];
      client.sendTogether({ type }, joinRoom('practica'));
      expect(await client.nextFew(2)).toEqual([
        errorFrame('Internal server error'),
        expect.objectContaining({ type: 'room_joined' }),
      ]);
      expect(await bystander.barrier()).toEqual([]);
    },
  );

  test('the host reads the stats', async () => {
    const client = await connected(ana);
    await client.join('stats-room');
    const stats = (await server.get('/live/stats')).json;
    expect(stats).toMatchObject({ totalConnections: 1, rooms: [{ slug: 'stats-room', userCount: 1 }] });
  });
});

afterAll(() => {
  if (host) rmSync(host.folder, { recursive: true, force: true });
});
