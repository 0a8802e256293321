import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { MessageViews } from '../../../src/chat/message-views.js';
import type { MessageRepository, StoredMessage } from '../../../src/chat/message.repository.js';
import { MissedReader } from '../../../src/chat/missed-reader.js';
import { DEFAULT_OPTIONS } from '../../../src/config/options.js';
import type { LiveRoom } from '../../../src/rooms/live-room.js';

const ROOMS = [{ id: 1 }, { id: 2 }] as LiveRoom[];
const NEWEST = 40;
/** Odd ids are those of other rooms. */
const IDS = Array.from({ length: NEWEST }, (_, i) => i + 1).filter((id) => id % 2 === 0);

/** Rooms with `IDS` each, and how often they were asked. */
function reading(replayLimit: number) {
  const asked = { times: 0 };
  const repository = {
    showTail: async (_roomId: number, after: number, lastId: number, limit: number) => {
      asked.times += 1;
      await Promise.resolve();
      const all = IDS.filter((id) => id > after && id <= lastId);
      return { messages: all.slice(-limit).map((id) => ({ id }) as StoredMessage), isWhole: all.length < limit };
    },
  } as unknown as MessageRepository;
  const views = {
    of: async (messages: StoredMessage[]) =>
      Promise.resolve(messages.map(({ id }) => ({ id, createdAt: '2026-01-01T00:00:00.000Z' }))),
  } as unknown as MessageViews;
  const options = { ...DEFAULT_OPTIONS, limits: { ...DEFAULT_OPTIONS.limits, replayLimit } };
  return { reader: new MissedReader(options, repository, views), asked };
}

function idsIn(texts: readonly string[] | undefined): number[] | undefined {
  return texts?.map((text) => (JSON.parse(text) as { data: { id: number } }).data.id);
}

describe('What clients missed', () => {
  test('RES-1: everybody gets their own stretch, or learns that it is too long, whoever else asks', async () => {
    const stretch = fc.record({
      room: fc.nat({ max: 1 }),
      after: fc.nat({ max: NEWEST }),
      length: fc.nat({ max: NEWEST }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(stretch, { minLength: 1, maxLength: 8 }), fc.nat({ max: 12 }), async (asks, limit) => {
        const { reader } = reading(limit);
        const found = await Promise.all(
          asks.map(({ room, after, length }) => reader.read({ room: ROOMS[room]!, after, lastId: after + length })),
        );
        const expected = asks.map(({ after, length }) => IDS.filter((id) => id > after && id <= after + length));
        expect(found.map(idsIn)).toEqual(expected.map((ids) => (ids.length > limit ? undefined : ids)));
      }),
    );
  });

  test('those who come back to a room in the same moment share one query', async () => {
    const { reader, asked } = reading(100);
    await Promise.all(IDS.map((after) => reader.read({ room: ROOMS[0]!, after, lastId: NEWEST })));
    expect(asked.times).toBe(1);
  });
});
