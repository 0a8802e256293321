import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from '@jest/globals';
import { MilongaError } from '../../src/client/index.js';
import { describeServer } from '../support/suite.js';
import { eventually } from '../support/waiting.js';
import { closeClients, sdkClient, sdkMember, untilSeen, untilState } from './sdk.js';

describeServer('The client', { on: 'one' }, (server) => {
  afterEach(closeClients);

  test.each(['milonga.js', 'milonga.global.js'])('is handed to any page, as /client/%s', async (name) => {
    const answer = await server.get(`/client/${name}`);
    expect(answer.status).toBe(200);
    expect(answer.text).toBe(readFileSync(`dist/client/${name}`, 'utf8'));
  });

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

  test('tells events to the user, and who comes and goes', async () => {
    const ana = await sdkMember(server);
    const events: unknown[] = [];
    ana.client.on('event', ({ type, data }) => events.push([type, data]));
    ana.room.on('user_joined', ({ username }) => events.push(['joined', username]));
    ana.room.on('user_left', ({ username }) => events.push(['left', username]));
    const bob = await sdkMember(server, ana.room.slug);
    await eventually('Two users', () => ana.room.userCount === 2 || undefined);
    bob.room.leave();
    await eventually('One user', () => ana.room.userCount === 1 || undefined);
    await server.command(`/api/users/${ana.user.id}/events`, { type: 'notification', data: { title: 'Posted' } });
    await eventually('The event', () => events.length === 3 || undefined);
    expect(events).toEqual([
      ['joined', bob.user.username],
      ['left', bob.user.username],
      ['notification', { title: 'Posted' }],
    ]);
  });

  test('closed, it is gone at once, keeps what waits, and goes on with connect()', async () => {
    const ana = await sdkMember(server);
    const bob = await sdkMember(server, ana.room.slug);
    ana.client.close();
    expect(ana.client.state).toEqual({ status: 'offline', reason: 'closed' });
    await eventually('One user', () => bob.room.userCount === 1 || undefined);
    const said = ana.room.send('Hola');
    ana.client.connect();
    await said;
    expect(await untilSeen(bob, 1)).toEqual(['Hola']);
  });

  test('leaving ends the stay: nothing is shown, and what waits fails', async () => {
    const ana = await sdkMember(server);
    const bob = await sdkMember(server, ana.room.slug);
    bob.client.close();
    const said = bob.room.send('never');
    bob.room.leave();
    await expect(said).rejects.toMatchObject({ code: 'left' });
    bob.client.connect();
    await untilState(bob.client, 'online');
    expect(bob.client.rooms).toEqual([]);
    await ana.room.send('Hola');
    await untilSeen(ana, 1);
    expect(bob.seen).toEqual([]);
  });
});
