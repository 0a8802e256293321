import { describe, expect, test } from '@jest/globals';
import { joinRoom } from '../support/client-frames.js';
import { errorFrame, INVALID_FORMAT, roomJoined } from '../support/server-frames.js';
import { describeServer } from '../support/suite.js';
import { unique } from '../support/unique.js';

type Sent = [what: string, frame: object | string | Buffer];

const NOT_OBJECTS: Sent[] = [
  ['a binary frame', Buffer.from('{"type":"pong"}')],
  ['an empty frame', ''],
  ['plain text', 'hello'],
  ['half a JSON object', '{"type":"pong"'],
  ['two JSON objects', '{"type":"pong"}{"type":"pong"}'],
  ['a JSON array', '[{"type":"pong"}]'],
  ['null', 'null'],
  ['a number', '42'],
  ['a JSON string', '"pong"'],
  ['true', 'true'],
];

const WRONG_TYPES: Sent[] = [
  ['no type', {}],
  ['a null type', { type: null }],
  ['a number as type', { type: 1 }],
  ['an array as type', { type: ['pong'] }],
  ['an object as type', { type: { type: 'pong' } }],
  ['an empty type', { type: '' }],
  ['a type of other case', { type: 'PONG' }],
  ['a type with white space', { type: 'pong ' }],
  ['the type under "event"', { event: 'pong' }],
  ...['nope', 'message', 'subscribe', 'toString', 'constructor', '__proto__', 'hasOwnProperty'].map((type): Sent => [
    `unknown type ${type}`,
    { type, roomSlug: 'room', message: 'hello', token: 'x' },
  ]),
];

const SERVER_ONLY: Sent[] = [
  'auth_success',
  'auth_error',
  'ping',
  'room_joined',
  'room_left',
  'user_joined',
  'user_left',
  'message_sent',
  'new_message',
  'error',
].map((type) => [`server-only type ${type}`, { type, roomSlug: 'room', message: 'hello', messageId: 'm', data: {} }]);

const NOT_TEXT: [what: string, value: unknown][] = [
  ['a number', 1],
  ['null', null],
  ['true', true],
  ['an array', ['room']],
  ['an object', { slug: 'room' }],
];

const BAD_AUTH: Sent[] = [
  ['auth without token', { type: 'auth' }],
  ...NOT_TEXT.map(([what, token]): Sent => [`auth with ${what} as token`, { type: 'auth', token }]),
];

const BAD_FIELDS: Sent[] = [
  ...['join_room', 'leave_room', 'chat_message'].flatMap((type): Sent[] => [
    [`${type} without roomSlug`, { type, message: 'hello' }],
    ...NOT_TEXT.map(([what, roomSlug]): Sent => [
      `${type} with ${what} as roomSlug`,
      { type, roomSlug, message: 'hello' },
    ]),
  ]),
  ['chat_message without message', { type: 'chat_message', roomSlug: 'room' }],
  ...NOT_TEXT.map(([what, message]): Sent => [
    `chat_message with ${what} as message`,
    { type: 'chat_message', roomSlug: 'room', message },
  ]),
  ...NOT_TEXT.map(([what, messageId]): Sent => [
    `chat_message with ${what} as messageId`,
    { type: 'chat_message', roomSlug: 'room', message: 'hello', messageId },
  ]),
];

describeServer('Malformed frames', {}, (server) => {
  describe('CONN-2: on an authenticated connection', () => {
    test.each([...NOT_OBJECTS, ...WRONG_TYPES, ...SERVER_ONLY, ...BAD_AUTH, ...BAD_FIELDS])(
      'CONN-2: %s is answered "Invalid message format" and the connection stays open',
      async (_what, frame) => {
        const { client } = await server.guest();
        const roomSlug = unique('room');
        client.send(frame);
        client.send(joinRoom(roomSlug));
        expect(await client.nextFew(2)).toEqual([errorFrame(INVALID_FORMAT), roomJoined(roomSlug, 1)]);
      },
    );
  });

  describe('CONN-2: before authentication', () => {
    test.each([...NOT_OBJECTS, ...WRONG_TYPES, ...SERVER_ONLY, ...BAD_AUTH, ...BAD_FIELDS])(
      'CONN-2, AUTH-4: %s is answered "Invalid message format" and the connection stays open',
      async (_what, frame) => {
        const client = await server.connect();
        const { token } = await server.makeUser();
        client.send(frame);
        expect(await client.next()).toEqual(errorFrame(INVALID_FORMAT));
        await client.authenticate(token);
        expect(await client.barrier()).toEqual([]);
      },
    );
  });
});
