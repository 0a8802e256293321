import { expect, test } from '@jest/globals';
import { chatMessage, joinRoom } from '../support/client-frames.js';
import { bounded, eventually } from '../support/waiting.js';
import type { TestClient } from '../support/ws-client.js';
import { describeNodes } from './nodes.js';

const CLIENTS = 2_000;
const ROOM_SIZE = 20;
const DRAIN_MS = 20_000;

describeNodes('A drain', { DRAIN_TIMEOUT_MS: String(DRAIN_MS) }, (server) => {
  const roomOf = (i: number) => `room-${Math.floor(i / ROOM_SIZE)}`;

  test('with 2,000 clients and sends in flight: everybody is told 1012, and every answer was true', async () => {
    const clients = (await server.crowd(CLIENTS, () => 0)).map(({ client }) => client);
    for (const [i, client] of clients.entries()) client.send(joinRoom(roomOf(i)));
    await eventually('All are in', () => clients.every(isIn) || undefined, { within: 30_000 });
    const send = (round: number) => {
      for (const [i, client] of clients.entries()) {
        if (client.isOpen && i % 10 === round % 10)
          client.send(chatMessage(roomOf(i), `text ${round}`, `m-${i}-${round}`));
      }
    };
    send(0);
    server.process.signal('SIGTERM');
    const rounds = setInterval(() => send((round += 1)), 20);
    let round = 0;
    const closes = await bounded(Promise.all(clients.map(({ closed }) => closed)), 'The drain', DRAIN_MS + 10_000);
    clearInterval(rounds);
    expect(new Set(closes.map(({ code }) => code))).toEqual(new Set([1012]));
    expect(await bounded(server.process.ended, 'The end of the process')).toEqual({ code: 0, signal: null });

    const frames = clients.flatMap(({ received }) => received);
    const acknowledged = frames.filter(({ type }) => type === 'message_sent').map(({ messageId }) => String(messageId));
    const refused = frames.filter(({ type }) => type === 'error').map(({ messageId }) => String(messageId));
    const rows = await server.arrange((sql) => sql('SELECT slug FROM messages'));
    const stored = rows.map(({ slug }) => String(slug));
    expect(acknowledged.length).toBeGreaterThan(0);
    expect(new Set(stored).size).toBe(stored.length);
    expect(acknowledged.filter((id) => !stored.includes(id))).toEqual([]);
    expect(refused.filter((id) => stored.includes(id))).toEqual([]);
    await server.launch();
  });
});

function isIn({ received }: TestClient): boolean {
  return received.some(({ type }) => type === 'room_joined');
}
