import { afterEach, expect, test } from '@jest/globals';
import { describeServer } from '../support/suite.js';
import { closeClients, sdkMember, texts, untilSeen } from './sdk.js';

const environment = { RATE_LIMIT_PER_SECOND: '10', RATE_LIMIT_BURST: '5' };

describeServer('Over the rate limit', { on: 'one', environment }, (server) => {
  afterEach(closeClients);

  test('the client waits as it is told: all is sent, in order, on one connection', async () => {
    const ana = await sdkMember(server);
    const states: string[] = [];
    ana.client.on('state', ({ status }) => states.push(status));
    const all = Array.from({ length: 30 }, (_, n) => `message ${n}`);
    await Promise.all(all.map(async (text) => ana.room.send(text)));
    await untilSeen(ana, all.length);
    expect(texts(ana.seen)).toEqual(all);
    expect(ana.room.outbox).toEqual([]);
    expect(states).toEqual([]);
  });
});
