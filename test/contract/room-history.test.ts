import { expect, test } from '@jest/globals';
import { chatMessage, history } from '../support/client-frames.js';
import { insertMember, insertRoom } from '../support/rows.js';
import { INVALID_FORMAT, newMessage, refusal, ROOM_FORBIDDEN } from '../support/server-frames.js';
import { describeServer, testWithLiveRows } from '../support/suite.js';
import { unique } from '../support/unique.js';
import { dataOf, type Frame } from '../support/ws-client.js';

const COUNT = 120;

const textsOf = (page: Frame) => (page['messages'] as { message: string }[]).map(({ message }) => message);
const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => String(from + index));

describeServer('History over the socket', {}, (server) => {
  async function spoken() {
    const roomSlug = unique('room');
    const { ana } = await server.members(roomSlug, 'ana');
    ana.client.sendTogether(...numbers(0, COUNT).map((n) => chatMessage(roomSlug, n, `m${n}`)));
    const broadcasts = (await ana.client.nextFew(2 * COUNT)).filter(({ type }) => type === 'new_message');
    const ids = broadcasts.map((frame) => Number(dataOf(frame)['id']));
    const client = await server.connect2(await server.makeUser());
    const page = async (range: object) => {
      client.send(history(roomSlug, range));
      return client.nextOfType('history');
    };
    return { roomSlug, ana, ids, client, page };
  }

  test('RES-3: the newest, those before, those after; oldest first', async () => {
    const { roomSlug, ana, ids, page } = await spoken();
    const newest = await page({});
    expect(textsOf(newest)).toEqual(numbers(70, 120));
    expect(newest).toEqual({ type: 'history', roomSlug, messages: expect.any(Array), hasMore: true });
    const [first] = (await page({ after: 0, limit: 1 }))['messages'] as unknown[];
    expect(first).toEqual(newMessage(ana.user, roomSlug, '0', 'm0').data);
    expect(textsOf(await page({ before: ids[10], limit: 3 }))).toEqual(numbers(7, 10));
    expect(await page({ before: ids[2], limit: 3 })).toMatchObject({ hasMore: false });
    expect(textsOf(await page({ after: ids[10], limit: 3 }))).toEqual(numbers(11, 14));
    expect(await page({ after: ids[COUNT - 1] })).toMatchObject({ messages: [], hasMore: false });
  });

  test('RES-3: at most 100 a page; paging leads to the end', async () => {
    const { page, ids } = await spoken();
    const first = await page({ after: 0, limit: 1_000 });
    expect(textsOf(first)).toEqual(numbers(0, 100));
    expect(first).toMatchObject({ hasMore: true });
    const rest = await page({ after: ids[99], limit: 100 });
    expect(textsOf(rest)).toEqual(numbers(100, 120));
    expect(rest).toMatchObject({ hasMore: false });
  });

  test.each([
    { before: 1, after: 1 },
    { before: 1, after: 0 },
    { before: 0 },
    { after: -1 },
    { after: 1.5 },
    { before: '5' },
    { after: null },
    { after: 2 ** 53 },
    { limit: 0 },
    { limit: '10' },
    { roomSlug: 'A' },
  ])('RES-3: %j is malformed', async (range) => {
    const client = await server.connect2(await server.makeUser());
    client.send(history(unique('room'), range));
    expect(await client.next()).toEqual(refusal('invalid_format', INVALID_FORMAT));
  });
});

describeServer('History of closed rooms', { needs: ['rows'] }, (server) => {
  testWithLiveRows(server)('RES-3: only for those who may enter; deleted messages are left out', async () => {
    const roomSlug = unique('closed');
    const [member, stranger] = [await server.makeUser(), await server.makeUser()];
    await server.arrange(async (sql) => {
      await insertRoom(sql, roomSlug, 'private');
      await insertMember(sql, roomSlug, member);
    });
    const client = await server.connect2(member);
    await client.join(roomSlug);
    for (const text of ['one', 'two', 'three']) await client.say(roomSlug, text, text);
    await server.arrange((sql) =>
      sql(`UPDATE messages SET deleted_at = now() WHERE slug = 'two' AND user_id = $1`, [member.id]),
    );
    client.send(history(roomSlug));
    expect(textsOf(await client.next())).toEqual(['one', 'three']);
    const other = await server.connect2(stranger);
    other.send(history(roomSlug));
    expect(await other.next()).toEqual(refusal('room_forbidden', ROOM_FORBIDDEN));
  });
});
