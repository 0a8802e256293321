import { afterEach, expect, test } from '@jest/globals';
import type { ConnectionState, MilongaClient } from '../../src/client/index.js';
import { describeServer } from '../support/suite.js';
import { claimsFor, signToken } from '../support/tokens.js';
import { bounded } from '../support/waiting.js';
import { closeClients, sdkClient, sdkMember, untilSeen, untilState } from './sdk.js';

/** The next state in which the client waits for nothing. */
async function stopped(client: MilongaClient): Promise<ConnectionState> {
  const state = new Promise<ConnectionState>((resolve) => {
    client.on('state', (now) => {
      if (now.status === 'offline' && now.retryAt === undefined) resolve(now);
    });
  });
  return bounded(state, 'The client stops', 30_000);
}

describeServer(
  'Stopping and going on',
  { needs: ['secret', 'api key'], on: 'one', environment: { MAX_CONNECTIONS_PER_USER: '2' } },
  (server) => {
    afterEach(closeClients);

    test('cut off with the token that it has, it stops', async () => {
      const ana = await sdkMember(server);
      const end = stopped(ana.client);
      await server.command(`/api/users/${ana.user.id}/disconnect`);
      expect(await end).toEqual({ status: 'offline', reason: 'unauthorized' });
    });

    test('cut off with another token to be had, it comes back to its rooms', async () => {
      const user = await server.makeUser();
      const tokens = [user.token, await signToken(claimsFor(user.id, { jti: 'another' }))];
      const client = sdkClient(server.socketUrl, user, { getToken: () => tokens.shift() });
      client.connect();
      const room = client.room('general-chat');
      await room.join();
      const cutOff = untilState(client, 'offline');
      await server.command(`/api/users/${user.id}/disconnect`);
      await cutOff;
      await room.send('Hola');
      expect(tokens).toEqual([]);
    });

    test('a token that cannot be had just now is asked for again', async () => {
      const user = await server.makeUser();
      let asked = 0;
      const error = new Error('not now');
      const getToken = () => {
        asked += 1;
        if (asked === 1) throw error;
        return user.token;
      };
      const client = sdkClient(server.socketUrl, user, { getToken });
      client.connect();
      const { retryAt, ...state } = await untilState(client, 'offline');
      expect(state).toEqual({ status: 'offline', reason: 'network', error });
      expect(typeof retryAt).toBe('number');
      await untilState(client, 'online');
    });

    test('evicted by further connections of the same user, it stops', async () => {
      const ana = await sdkMember(server);
      const end = stopped(ana.client);
      await server.connectAs(ana.user);
      await server.connectAs(ana.user);
      expect(await end).toEqual({ status: 'offline', reason: 'evicted' });
    });

    test('a frame that is too big fails for good, and the rest goes on', async () => {
      const ana = await sdkMember(server);
      const tooBig = ana.room.send('x'.repeat(70_000));
      const said = ana.room.send('Hola');
      await expect(tooBig).rejects.toMatchObject({ code: 'message_too_long' });
      await said;
      expect(await untilSeen(ana, 1)).toEqual(['Hola']);
    });
  },
);
