import { expect, test } from '@jest/globals';
import { exchange, openSocket, upgradeRequest } from '../support/raw-http.js';
import type { TestServer } from '../support/server.js';
import { bounded } from '../support/waiting.js';
import { describeAttacks } from './attacks.js';
import { FRAMES, type FrameRow } from './frame-rows.js';
import { clientFrame, closeFrame, OPCODE } from '../../fuzz/client-frame.mjs';

describeAttacks<FrameRow>(
  'Hostile frames',
  { on: 'one' },
  {
    rows: FRAMES,
    attack: async ({ bytes, code, frames = [] }, server) => {
      const { client } = await server.guest();
      client.writeRaw(bytes);
      if (code === undefined) expect(await client.barrier()).toEqual(frames);
      else expect(await client.end()).toMatchObject({ code });
    },
    more: bareConnections,
  },
);

function bareConnections(server: TestServer): void {
  test.each(['permessage-deflate', 'permessage-deflate; client_max_window_bits', 'x-webkit-deflate-frame, bbf-usp'])(
    'no compression: %s is not agreed to',
    async (offer) => {
      const request = upgradeRequest(server.url, '/', { 'Sec-WebSocket-Extensions': offer });
      const { status, headers } = await exchange(server.url, request);
      expect([status, headers.get('sec-websocket-extensions')]).toEqual([101, undefined]);
    },
  );

  test.each([
    ['the client', Buffer.concat([clientFrame(OPCODE.text, 'x'), closeFrame(1000)])],
    ['a violation', Buffer.concat([clientFrame(OPCODE.text, 'x'), clientFrame(OPCODE.text, 'x', { isMasked: false })])],
  ])('RFC 6455 5.5.1: a close by %s is the last thing that the server sends', async (_whom, bytes) => {
    const received = await everythingAfter(server.url, bytes);
    const close = received.lastIndexOf(0x88);
    expect(received.length - close).toBe(2 + (received[close + 1] ?? 0));
  });

  test('frames that come byte by byte are the same frames', async () => {
    const { client } = await server.guest();
    for (const byte of clientFrame(OPCODE.text, 'not JSON, and slowly')) {
      client.writeRaw(Buffer.from([byte]));
      await new Promise(setImmediate);
    }
    expect(await client.barrier()).toHaveLength(1);
  });
}

/** What the server sends until it ends the connection, behind its answer to the upgrade. */
async function everythingAfter(url: string, bytes: Buffer): Promise<Buffer> {
  const socket = await openSocket(url);
  const chunks: Buffer[] = [];
  const ended = new Promise((resolve) => socket.on('close', resolve));
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.write(Buffer.concat([Buffer.from(upgradeRequest(url, '/')), bytes]));
  await bounded(ended, 'The end of the connection');
  const all = Buffer.concat(chunks);
  return all.subarray(all.indexOf('\r\n\r\n') + 4);
}
