import { expect, test } from '@jest/globals';
import { chatMessage } from '../support/client-frames.js';
import { chatRefused, messageSent, newMessage } from '../support/server-frames.js';
import { describeOwnServer, describeServer } from '../support/suite.js';
import { unique } from '../support/unique.js';
import { messageIdOf } from '../support/ws-client.js';

describeServer('Sending again', {}, (server) => {
  test('CHAT-4: the same message again answers the original message_sent, and broadcasts and stores nothing', async () => {
    const roomSlug = unique('room');
    const { ana, bob } = await server.members(roomSlug, 'ana', 'bob');
    const [sent] = await ana.client.say(roomSlug, 'once', 'm1');
    for (let attempt = 0; attempt < 3; attempt += 1) {
      ana.client.send(chatMessage(roomSlug, 'once', 'm1'));
      expect(await ana.client.next()).toEqual(sent);
    }
    await ana.client.say(roomSlug, 'another', 'm2');
    expect(await ana.client.barrier()).toEqual([]);
    expect((await bob.client.nextFew(2)).map(messageIdOf)).toEqual(['m1', 'm2']);
    expect((await server.history(roomSlug, ana.user)).map(({ slug }) => slug)).toEqual(['m1', 'm2']);
  });

  test('CHAT-4: it holds on another connection, too', async () => {
    const roomSlug = unique('room');
    const { ana, bob } = await server.members(roomSlug, 'ana', 'bob');
    const [sent] = await ana.client.say(roomSlug, 'once', 'm1');
    await ana.client.close(1000);
    const later = await server.connectAs(ana.user);
    await later.join(roomSlug);
    later.send(chatMessage(roomSlug, 'once', 'm1'));
    expect(await later.next()).toEqual(sent);
    await bob.client.say(roomSlug, 'the next that is seen', 'm2');
    expect(messageIdOf(await later.next())).toBe('m2');
  });

  test('CHAT-4: twice in one segment is one message, acknowledged twice alike', async () => {
    const roomSlug = unique('room');
    const { ana, bob } = await server.members(roomSlug, 'ana', 'bob');
    ana.client.sendTogether(chatMessage(roomSlug, 'twice', 'm1'), chatMessage(roomSlug, 'twice', 'm1'));
    const sent = [await ana.client.nextOfType('message_sent'), await ana.client.nextOfType('message_sent')];
    expect(sent[0]).toEqual(messageSent(roomSlug, 'm1'));
    expect(sent[1]).toEqual(sent[0]);
    expect(await ana.client.next()).toEqual(newMessage(ana.user, roomSlug, 'twice', 'm1'));
    await ana.client.say(roomSlug, 'another', 'm2');
    expect((await bob.client.nextFew(2)).map(messageIdOf)).toEqual(['m1', 'm2']);
    expect(await ana.client.barrier()).toEqual([]);
  });

  test('CHAT-4: two connections that send the same at the same time make one message', async () => {
    const roomSlug = unique('room');
    const { ana, bob } = await server.members(roomSlug, 'ana', 'bob');
    const second = await server.connectAs(ana.user);
    await second.join(roomSlug);
    const ids = Array.from({ length: 30 }, (_, index) => `m${index}`);
    const frames = ids.map((id) => chatMessage(roomSlug, `text of ${id}`, id));
    ana.client.sendTogether(...frames);
    second.sendTogether(...frames);
    for (const messageId of ids) {
      const isIt = (frame: { type: string; messageId?: unknown }) =>
        frame.type === 'message_sent' && frame.messageId === messageId;
      expect(await second.nextWhere(messageId, isIt)).toEqual(await ana.client.nextWhere(messageId, isIt));
    }
    await bob.client.say(roomSlug, 'the end', 'end');
    const seen = (await ana.client.nextFew(ids.length + 1)).map(messageIdOf);
    expect([...seen].sort()).toEqual([...ids, 'end'].sort());
  });

  test('CHAT-4: the same messageId with another text is refused, and the first stands', async () => {
    const roomSlug = unique('room');
    const { ana, bob } = await server.members(roomSlug, 'ana', 'bob');
    const [sent] = await ana.client.say(roomSlug, 'the first', 'm1');
    ana.client.send(chatMessage(roomSlug, 'the second', 'm1'));
    expect(await ana.client.next()).toEqual(chatRefused('m1'));
    ana.client.send(chatMessage(roomSlug, 'the first', 'm1'));
    expect(await ana.client.next()).toEqual(sent);
    await ana.client.say(roomSlug, 'another', 'm2');
    expect((await bob.client.nextFew(2)).map(messageIdOf)).toEqual(['m1', 'm2']);
    expect((await server.history(roomSlug, ana.user)).map(({ message }) => message)).toEqual(['the first', 'another']);
  });

  test('CHAT-4: the same messageId with two texts in one segment: the first stands, the second is refused', async () => {
    const roomSlug = unique('room');
    const { ana } = await server.members(roomSlug, 'ana');
    ana.client.sendTogether(chatMessage(roomSlug, 'the first', 'm1'), chatMessage(roomSlug, 'the second', 'm1'));
    expect(await ana.client.nextOfType('message_sent')).toEqual(messageSent(roomSlug, 'm1'));
    expect(await ana.client.nextOfType('error')).toEqual(chatRefused('m1'));
    expect(await ana.client.next()).toEqual(newMessage(ana.user, roomSlug, 'the first', 'm1'));
    expect((await server.history(roomSlug, ana.user)).map(({ message }) => message)).toEqual(['the first']);
  });

  test('CHAT-4: two users may use the same messageId', async () => {
    const roomSlug = unique('room');
    const { ana, bob } = await server.members(roomSlug, 'ana', 'bob');
    await ana.client.say(roomSlug, 'of ana', 'm1');
    await bob.client.nextOfType('new_message');
    bob.client.send(chatMessage(roomSlug, 'of bob', 'm1'));
    expect(await bob.client.nextFew(2)).toEqual([
      messageSent(roomSlug, 'm1'),
      newMessage(bob.user, roomSlug, 'of bob', 'm1'),
    ]);
    expect(await ana.client.next()).toEqual(newMessage(bob.user, roomSlug, 'of bob', 'm1'));
  });

  test('CHAT-4: one user may use the same messageId in two rooms', async () => {
    const [first, second] = [unique('room'), unique('room')];
    const { ana } = await server.members(first, 'ana');
    await ana.client.join(second);
    await ana.client.say(first, 'here', 'm1');
    ana.client.send(chatMessage(second, 'and there', 'm1'));
    expect(await ana.client.nextFew(2)).toEqual([
      messageSent(second, 'm1'),
      newMessage(ana.user, second, 'and there', 'm1'),
    ]);
  });

  test('CHAT-4: who left the room is refused, not acknowledged', async () => {
    const roomSlug = unique('room');
    const { ana } = await server.members(roomSlug, 'ana');
    await ana.client.say(roomSlug, 'once', 'm1');
    await ana.client.leave(roomSlug);
    ana.client.send(chatMessage(roomSlug, 'new', 'm2'));
    expect(await ana.client.next()).toEqual(chatRefused('m2'));
  });
});

describeOwnServer('Sending again after a restart', {}, (server) => {
  test.each([
    ['a clean one', async () => server.restart()],
    [
      'a kill -9',
      async () => {
        await server.process.kill();
        await server.launch();
      },
    ],
  ])('CHAT-4: for ever: %s changes nothing', async (_what, restart) => {
    const roomSlug = unique('room');
    const { ana } = await server.members(roomSlug, 'ana');
    const [sent] = await ana.client.say(roomSlug, 'once', 'm1');
    await restart();
    const later = await server.connectAs(ana.user);
    await later.join(roomSlug);
    later.send(chatMessage(roomSlug, 'once', 'm1'));
    expect(await later.next()).toEqual(sent);
    later.send(chatMessage(roomSlug, 'other', 'm1'));
    expect(await later.next()).toEqual(chatRefused('m1'));
    expect((await server.history(roomSlug, ana.user)).map(({ message }) => message)).toEqual(['once']);
  });
});
