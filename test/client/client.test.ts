import { afterEach, expect, test } from '@jest/globals';
import { MilongaError } from '../../src/client/index.js';
import { describeServer } from '../support/suite.js';
import { unique } from '../support/unique.js';
import { closeClients, sdkClient, sdkMember, untilSeen, untilState } from './sdk.js';

describeServer('The client', {}, (server) => {
  afterEach(closeClients);

  test('connects, joins, says something and sees it once', async () => {
    const ana = await sdkMember(server);
    const bob = await sdkMember(server, ana.room.slug);
    const receipt = await ana.room.send('Hola');
    expect(typeof receipt.timestamp).toBe('number');
    await Promise.all([untilSeen(ana, 1), untilSeen(bob, 1)]);
    expect(ana.seen).toEqual(bob.seen);
    expect(ana.seen).toMatchObject([{ slug: receipt.messageId, message: 'Hola', username: ana.user.username }]);
    expect(ana.room.outbox).toEqual([]);
    expect(bob.room.lastId).toBe(bob.seen[0]?.id);
    expect([ana.room.userCount, bob.room.userCount]).toEqual([2, 2]);
    expect(ana.client.state).toEqual({
      status: 'online',
      user: { id: ana.user.id, username: ana.user.username, name: ana.user.name },
    });
  });

  test('what is said before there is a connection is sent in order when it comes', async () => {
    const bob = await sdkMember(server);
    const client = sdkClient(server.socketUrl, await server.makeUser());
    const room = client.room(bob.room.slug);
    void room.join();
    const said = ['one', 'two', 'three'].map(async (text) => room.send(text));
    expect(room.outbox.map(({ text, status }) => [text, status])).toEqual([
      ['one', 'waiting'],
      ['two', 'waiting'],
      ['three', 'waiting'],
    ]);
    client.connect();
    await Promise.all(said);
    expect(await untilSeen(bob, 3)).toEqual(['one', 'two', 'three']);
  });

  test('a refusal is told once, stays in the outbox, and holds nothing up', async () => {
    const ana = await sdkMember(server);
    const refused = ana.room.send(' ');
    await ana.room.send('Hola');
    const error: unknown = await refused.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(MilongaError);
    expect(ana.room.outbox).toMatchObject([{ text: ' ', status: 'failed', error }]);
    ana.room.discard(ana.room.outbox[0]?.messageId ?? '');
    expect(ana.room.outbox).toEqual([]);
  });

  test('a bad token stops it after one try with another', async () => {
    const tokens = ['bad', 'worse', 'never asked'];
    const client = sdkClient(server.socketUrl, { token: '' }, { getToken: () => tokens.shift() });
    client.connect();
    await untilState(client, 'connecting');
    const state = await new Promise((resolve) => {
      client.on('state', (now) => {
        if (now.status === 'offline' && now.retryAt === undefined) resolve(now);
      });
    });
    expect(state).toEqual({ status: 'offline', reason: 'unauthorized' });
    expect(tokens).toEqual(['never asked']);
  });

  test('signed out, it stops', async () => {
    const client = sdkClient(server.socketUrl, { token: '' }, { getToken: () => null });
    client.connect();
    expect(await untilState(client, 'offline')).toEqual({ status: 'offline', reason: 'unauthorized' });
  });

  test('a room of no such name is refused, and the client goes on', async () => {
    const ana = await sdkMember(server);
    const room = ana.client.room('No such name');
    await expect(room.join()).rejects.toThrow(MilongaError);
    expect(room.state).toBe('refused');
    await expect(room.send('Hola')).rejects.toMatchObject({ code: 'not_in_room' });
    await ana.room.send('Hola');
    await untilSeen(ana, 1);
  });

  test('comes back after a close that it did not ask for, and leaves for good when asked', async () => {
    const ana = await sdkMember(server, unique('room'));
    await server.command(`/api/users/${ana.user.id}/disconnect`);
    await untilState(ana.client, 'offline');
  });
});
