import { expect } from '@jest/globals';
import { unique } from '../support/unique.js';
import { dataOf } from '../support/ws-client.js';
import { describeAttacks } from './attacks.js';
import { MESSAGES, type MessageRow } from './message-rows.js';

describeAttacks<MessageRow>(
  'Hostile messages',
  {},
  {
    rows: MESSAGES,
    attack: async ({ sent, answer, kept }, server) => {
      const roomSlug = unique('room');
      const { mallory, ana } = await server.members(roomSlug, 'mallory', 'ana');
      mallory.client.takeAll();
      mallory.client.send(sent(roomSlug));
      expect(await mallory.client.nextWhere('an answer', ({ type }) => type !== 'new_message')).toEqual(
        answer(roomSlug),
      );
      if (kept !== undefined) await mallory.client.nextOfType('new_message');
      const expected = kept === undefined ? [] : [kept];
      expect(await mallory.client.barrier()).toEqual([]);
      expect((await ana.client.barrier()).map((frame) => dataOf(frame)['message'])).toEqual(expected);
      expect((await server.history(roomSlug, ana.user)).map(({ message }) => message)).toEqual(expected);
    },
  },
);
