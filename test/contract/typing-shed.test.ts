import { expect, test } from '@jest/globals';
import { typing } from '../support/client-frames.js';
import { userTyping } from '../support/server-frames.js';
import { describeOwnServer } from '../support/suite.js';
import { unique } from '../support/unique.js';
import type { Frame } from '../support/ws-client.js';

/** More than the system holds for somebody who does not read. */
const POSTS = 100;
const ROOMY = { SEND_BUFFER_BYTES: String(64 * 1_048_576) };

describeOwnServer('Life beside somebody who reads slowly', { on: 'one', environment: ROOMY }, (server) => {
  test('LIFE-2: they are not told who types until they have read what was before', async () => {
    const roomSlug = unique('room');
    const { ana } = await server.members(roomSlug, 'ana');
    const typist = await server.connect2(ana.user);
    await typist.join(roomSlug);
    const bob = await server.makeUser('bob');
    const slow = await server.connect2(bob);
    await slow.join(roomSlug);
    slow.pauseReading();
    const event = { type: 'post', data: 'x'.repeat(90_000) };
    for (let i = 0; i < POSTS; i += 1) await server.command(`/api/users/${bob.id}/events`, event);
    typist.sendTogether(typing(roomSlug), typing(roomSlug, false));
    await typist.barrier();
    expect((await server.get('/metrics')).text).toMatch(/^milonga_buffer_sheds_total 2$/m);
    slow.resumeReading();
    const isPost = ({ type }: Frame) => type === 'post';
    await slow.until('all that is no matter of a moment', () => slow.received.filter(isPost).length === POSTS);
    typist.send(typing(roomSlug));
    expect(await slow.nextOfType('user_typing')).toEqual(userTyping(ana.user, roomSlug, true));
  });
});
