import { afterEach, expect, test } from '@jest/globals';
import { RoomStore } from '../../src/client/react/room-store.js';
import { describeServer } from '../support/suite.js';
import { eventually } from '../support/waiting.js';
import { closeClients, sdkClient, sdkMember, texts, type Member } from './sdk.js';

describeServer('What a component shows of a room', { on: 'one' }, (server) => {
  afterEach(closeClients);

  const talk = async ({ room }: Member, count: number) => {
    const all = Array.from({ length: count }, (_, n) => `message ${n}`);
    await Promise.all(all.map(async (text) => room.send(text)));
    return all;
  };

  test('begins with the newest page, goes on live, and loads older ones, without a hole', async () => {
    const ana = await sdkMember(server);
    const all = await talk(ana, 120);
    const client = sdkClient(server.socketUrl, await server.makeUser());
    client.connect();
    const store = new RoomStore(client.room(ana.room.slug));
    const end = store.subscribe(() => undefined);
    await eventually('The newest page', () => store.view.messages.length === 50 || undefined);
    await ana.room.send('live');
    await eventually('The live one', () => store.view.messages.length === 51 || undefined);
    expect(texts(store.view.messages)).toEqual([...all.slice(70), 'live']);
    expect(store.view).toMatchObject({ state: 'joined', hasOlder: true });
    await Promise.all([store.loadOlder(), store.loadOlder()]);
    await store.loadOlder();
    expect(texts(store.view.messages)).toEqual([...all, 'live']);
    expect(store.view.hasOlder).toBe(false);
    end();
    await eventually('It has left', () => client.room(ana.room.slug).state === 'idle' || undefined);
  });

  test('a component that is mounted anew in the same moment does not leave', async () => {
    const ana = await sdkMember(server);
    const client = sdkClient(server.socketUrl, await server.makeUser());
    client.connect();
    const store = new RoomStore(client.room(ana.room.slug));
    store.subscribe(() => undefined)();
    store.subscribe(() => undefined);
    await eventually('It has joined', () => store.view.state === 'joined' || undefined);
    await ana.room.send('live');
    await eventually('The live one', () => store.view.messages.length === 1 || undefined);
  });
});
