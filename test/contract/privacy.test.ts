import { expect, test } from '@jest/globals';
import { auth, chatMessage, joinRoom } from '../support/client-frames.js';
import { rejection } from '../support/rejection.js';
import {
  FAILED_TO_SEND,
  INVALID_FORMAT,
  NOT_AUTHENTICATED,
  RATE_LIMITED,
  ROOM_FORBIDDEN,
} from '../support/server-frames.js';
import { describeOwnServer } from '../support/suite.js';
import { claimsFor, JWT_SECRET, signToken } from '../support/tokens.js';
import { unique } from '../support/unique.js';

const KNOWN_ERRORS = [
  FAILED_TO_SEND,
  INVALID_FORMAT,
  NOT_AUTHENTICATED,
  RATE_LIMITED,
  ROOM_FORBIDDEN,
  'Already authenticated',
  'Too many rooms',
];

describeOwnServer('Privacy', { environment: { LOG_LEVEL: 'trace' } }, (server) => {
  test('LIMIT-4: no token and no message text reaches a log, and no error tells more than the contract', async () => {
    const roomSlug = unique('room');
    const { ana, bob } = await server.members(roomSlug, 'ana', 'bob');
    const wrongToken = await signToken(claimsFor(ana.user.id), { key: 'x'.repeat(48) });
    const secrets = ['said-aloud', 'too-long', 'not-a-frame', 'before-auth', 'other-text', 'in-an-event', 'bad-event'];

    await ana.client.say(roomSlug, secrets[0]!, 'm1');
    ana.client.send(chatMessage(roomSlug, secrets[1]!.repeat(1_000), 'm2'));
    ana.client.send(`{"type":"chat_message","roomSlug":"${roomSlug}","message":"${secrets[2]}`);
    ana.client.send({ type: 'chat_message', roomSlug: 1, message: secrets[2], token: ana.user.token });
    ana.client.send(chatMessage(roomSlug, secrets[4]!, 'm1'));
    ana.client.send(auth(bob.user.token));
    await ana.client.barrier();
    await server.command(`/api/users/${bob.user.id}/events`, { type: 'notification', data: { text: secrets[5] } });
    await server.command(`/api/users/${bob.user.id}/events`, { type: 'error', data: { text: secrets[6] } });
    await server.get('/ws/stats', ana.user.token);
    await server.get(`/rooms/${roomSlug}/messages?token=${ana.user.token}`, ana.user.token);
    await rejection(server, wrongToken);
    const early = await server.connect({}, `/?token=${ana.user.token}`);
    early.sendTogether(joinRoom(roomSlug), chatMessage(roomSlug, secrets[3]!));
    await early.nextFew(2);

    const errors = [ana, bob].flatMap(({ client }) => client.received.filter(({ type }) => type === 'error'));
    expect(errors.length).toBeGreaterThan(3);
    for (const error of errors) {
      expect(KNOWN_ERRORS).toContain(error['message']);
      expect(['message', 'messageId', 'timestamp', 'type']).toEqual(expect.arrayContaining(Object.keys(error)));
    }
    const hidden = [...secrets, ana.user.token, bob.user.token, wrongToken, JWT_SECRET, server.apiKey];
    const leaked = hidden.filter((text) => server.output.includes(text));
    expect(leaked).toEqual([]);
    expect(server.output).not.toBe('');
  });
});
