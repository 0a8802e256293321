import { afterEach, expect, test } from '@jest/globals';
import { describeServer } from '../support/suite.js';
import { eventually } from '../support/waiting.js';
import { closeClients, sdkMember, type Member } from './sdk.js';

describeServer('Life in a room', { on: 'one' }, (server) => {
  afterEach(closeClients);

  async function couple() {
    const ana = await sdkMember(server);
    return { ana, bob: await sdkMember(server, ana.room.slug) };
  }

  async function untilTyping({ room }: Member, usernames: readonly string[]): Promise<void> {
    await eventually(`${usernames.join()} types`, () => {
      const typists = room.typists.map(({ username }) => username);
      return JSON.stringify(typists) === JSON.stringify(usernames) || undefined;
    });
  }

  test('who is in the room can be asked', async () => {
    const { ana, bob } = await couple();
    const { userCount, users } = await ana.room.members();
    expect(userCount).toBe(2);
    expect(users.map(({ userId }) => userId).sort()).toEqual([ana.user.id, bob.user.id].sort());
    ana.room.leave();
    await expect(ana.room.members()).rejects.toMatchObject({ code: 'not_in_room' });
  });

  test('the others see who types, until the message is there', async () => {
    const { ana, bob } = await couple();
    let changes = 0;
    bob.room.on('change', () => (changes += 1));
    for (let keystroke = 0; keystroke < 20; keystroke += 1) ana.room.setTyping();
    await untilTyping(bob, [ana.user.username]);
    expect(ana.room.typists).toEqual([]);
    await ana.room.send('Hola');
    await untilTyping(bob, []);
    expect(changes).toBe(2);
    ana.room.setTyping();
    await untilTyping(bob, [ana.user.username]);
    ana.room.setTyping(false);
    await untilTyping(bob, []);
  });

  test('after a lost connection nobody is remembered to type', async () => {
    const { ana, bob } = await couple();
    ana.room.setTyping();
    await untilTyping(bob, [ana.user.username]);
    bob.client.close();
    expect(bob.room.typists).toEqual([]);
    bob.client.connect();
    await untilTyping(bob, []);
  });
});
