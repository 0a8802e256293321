import { expect, test } from '@jest/globals';
import { RoomReader } from '../../verify/clients/room-reader.mjs';
import { Recorder } from '../../verify/history/recorder.mjs';

const SETUP = { seed: '', nodes: 1, graceMs: 0, clients: [], rooms: [] };
const PLACE = { client: 'ana', session: 1 };

test('who is not recovered pages from what it knew when it asked, though newer messages have come since', async () => {
  const reader = new RoomReader('salon', new Recorder(SETUP));
  reader.resume(PLACE, 0);
  reader.see(7);
  const from = reader.known;
  // The answer and the first live message, in one packet.
  reader.see(30);
  const asked: number[] = [];
  await reader.catchUp(PLACE, from, (after) => {
    asked.push(after);
    return Promise.resolve({ messages: [], hasMore: false });
  });
  expect(asked).toEqual([7]);
  expect(reader.known).toBe(30);
});
