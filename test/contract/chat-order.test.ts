import { expect, test } from '@jest/globals';
import { chatMessage } from '../support/client-frames.js';
import type { Guest } from '../support/server.js';
import { describeServer } from '../support/suite.js';
import { unique } from '../support/unique.js';
import { idOf, messageIdOf, type Frame } from '../support/ws-client.js';

const EACH = 200;
const PATIENCE_MS = 20_000;

describeServer('The order of a room', {}, (server) => {
  test('CHAT-5, P4, P5: 200 pipelined messages of each of 3 senders arrive once, in one order, at all members', async () => {
    const roomSlug = unique('room');
    const { ana, bob, carl, listener } = await server.members(roomSlug, 'ana', 'bob', 'carl', 'listener');
    const senders = { ana, bob, carl };
    const texts = Object.keys(senders).flatMap((name) =>
      Array.from({ length: EACH }, (_, index) => [name, `${name}-${index}`] as const),
    );
    for (let index = 0; index < EACH; index += 1) {
      for (const [name, { client }] of Object.entries(senders)) {
        client.send(chatMessage(roomSlug, `text ${index}`, `${name}-${index}`));
      }
    }

    const seenBy = async ({ client }: Guest) => {
      const isBroadcast = (frame: Frame) => frame.type === 'new_message';
      await client.until(
        'all broadcasts',
        () => client.received.filter(isBroadcast).length >= texts.length,
        PATIENCE_MS,
      );
      return client.received.filter(isBroadcast);
    };
    const views = await Promise.all([ana, bob, carl, listener].map(seenBy));
    const reference = views[3]!.map(messageIdOf);

    expect([...reference].sort()).toEqual(texts.map(([, id]) => id).sort());
    for (const view of views) {
      expect(view.map(messageIdOf)).toEqual(reference);
      expect(view.map(idOf)).toEqual(view.map(idOf).sort((a, b) => a - b));
    }
    for (const name of Object.keys(senders)) {
      const own = reference.filter((id) => String(id).startsWith(`${name}-`));
      expect(own).toEqual(Array.from({ length: EACH }, (_, index) => `${name}-${index}`));
    }
    expect((await server.history(roomSlug, ana.user)).map(({ slug }) => slug)).toEqual(reference);
  });

  test('CHAT-1: each acknowledgement comes before the broadcast of the same message, also when pipelined', async () => {
    const roomSlug = unique('room');
    const { ana } = await server.members(roomSlug, 'ana');
    const ids = Array.from({ length: EACH }, (_, index) => `m${index}`);
    ana.client.sendTogether(...ids.map((id) => chatMessage(roomSlug, 'text', id)));
    const frames = await ana.client.nextFew(2 * EACH, PATIENCE_MS);
    const sent = frames.filter(({ type }) => type === 'message_sent').map(({ messageId }) => messageId);
    expect(sent).toEqual(ids);
    const placeOf = (type: string, id: string) =>
      frames.findIndex((frame) => frame.type === type && [messageIdOf(frame), frame['messageId']].includes(id));
    for (const id of ids) expect(placeOf('message_sent', id)).toBeLessThan(placeOf('new_message', id));
    expect(await ana.client.barrier()).toEqual([]);
  });

  test('CHAT-5: two rooms do not mix', async () => {
    const [first, second] = [unique('room'), unique('room')];
    const { ana, bob } = await server.members(first, 'ana', 'bob');
    await ana.client.join(second);
    const ids = Array.from({ length: 50 }, (_, index) => `m${index}`);
    ana.client.sendTogether(
      ...ids.flatMap((id) => [chatMessage(first, 'text', id), chatMessage(second, 'text', `other-${id}`)]),
    );
    const seen = await bob.client.nextFew(ids.length, PATIENCE_MS);
    expect(seen.map(messageIdOf)).toEqual(ids);
    expect(new Set(seen.map(({ roomSlug }) => roomSlug))).toEqual(new Set([first]));
  });
});
