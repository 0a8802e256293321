import { expect, test } from '@jest/globals';
import { dataOf, type TestClient } from '../support/ws-client.js';
import { describeNodes } from './nodes.js';

const FOLLOWERS = 10_000;
const PRESENT = 16;
/** In all, more than system and server hold for somebody who does not read. */
const EVENTS = 80;
const CONTENT = 'x'.repeat(90_000);

describeNodes('An event to 10,000 followers on two nodes', {}, (server) => {
  test('EVENT-2, LIMIT-3: comes to all who are there, once and in order, though two do not read', async () => {
    const star = await server.makeUser('star');
    const clients = (await server.crowd(PRESENT, (i) => i % 2)).map(({ client }) => client);
    await server.arrange((sql) =>
      sql(
        `WITH fans AS (
          INSERT INTO users (username) SELECT gen_random_uuid() FROM generate_series(1, $1::int) RETURNING id
        )
        INSERT INTO follows (follower_id, followed_id) SELECT id, $2 FROM users WHERE id <> $2 UNION SELECT id, $2 FROM fans`,
        [FOLLOWERS - PRESENT, star.id],
      ),
    );
    const [stuck, healthy] = [clients.slice(0, 2), clients.slice(2)];
    for (const client of stuck) client.pauseReading();

    const reached: unknown[] = [];
    for (let n = 0; n < EVENTS; n += 1) {
      const event = { type: 'post', data: { n, content: CONTENT } };
      const answer = await server.command(`/api/users/${star.id}/followers/events`, event);
      reached.push((answer.json as { reached: number }).reached);
    }
    expect([reached[0], reached.at(-1)]).toEqual([PRESENT, healthy.length]);

    const eventsOf = ({ received }: TestClient) => received.filter(({ type }) => type === 'post');
    const all = Array.from({ length: EVENTS }, (_, n) => n);
    for (const client of healthy) {
      await client.until('all events', () => eventsOf(client).length >= EVENTS);
      expect(eventsOf(client).map((frame) => dataOf(frame)['n'])).toEqual(all);
    }
  });
});
