import { expect, test } from '@jest/globals';
import { describeOwnServer } from '../support/suite.js';
import { unique } from '../support/unique.js';

/** A masked native ping of a client, without payload and with the most that one may have. */
const EMPTY_PING = Buffer.from([0x89, 0x80, 0, 0, 0, 0]);
const BIG_PING = Buffer.concat([Buffer.from([0x89, 0x80 | 125, 0, 0, 0, 0]), Buffer.alloc(125)]);

const environment = { RATE_LIMIT_PER_SECOND: '20', RATE_LIMIT_BURST: '60' };

describeOwnServer('Native pings', { environment, on: 'one' }, (server) => {
  test('CONN-2: a ping is answered by a pong, and nothing else', async () => {
    const { client } = await server.guest();
    client.writeRaw(EMPTY_PING);
    expect(await client.barrier()).toEqual([]);
    expect(client.isOpen).toBe(true);
  });

  test('LIMIT-1: they take tokens: a flood of them ends in close 4429', async () => {
    const { client } = await server.guest();
    for (let i = 0; i < 20 && client.isOpen; i += 1) client.writeRaw(Buffer.concat(Array<Buffer>(50).fill(EMPTY_PING)));
    expect(await client.closed).toMatchObject({ code: 4429 });
  });
});

describeOwnServer(
  'Native pings without a rate limit',
  { environment: { RATE_LIMIT_PER_SECOND: '0', SEND_BUFFER_BYTES: '65536' }, on: 'one' },
  (server) => {
    test('LIMIT-3: who pings and does not read is cut off, and nobody else notices', async () => {
      const roomSlug = unique('room');
      const { ana, mallory } = await server.members(roomSlug, 'ana', 'mallory');
      mallory.client.pauseReading();
      const flood = Buffer.concat(Array<Buffer>(500).fill(BIG_PING));
      // 65 KB a round; the kernel's buffers take some megabytes of pongs before the server's own count begins.
      for (let i = 0; i < 2_000 && mallory.client.isOpen; i += 1) {
        mallory.client.writeRaw(flood);
        const [sent] = await ana.client.say(roomSlug, 'still here');
        expect(sent.type).toBe('message_sent');
        ana.client.takeAll();
      }
      mallory.client.resumeReading();
      expect([1013, 1006]).toContain((await mallory.client.closed).code);
    });
  },
);
