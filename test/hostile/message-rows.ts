import { chatRefused, errorFrame, INVALID_FORMAT, messageSent } from '../support/server-frames.js';
import type { Row } from './attacks.js';

export interface MessageRow extends Row {
  /** The frame, of the slug of a room that the sender is in. */
  readonly sent: (roomSlug: string) => string | object;
  /** What its sender is answered; new_message apart. */
  readonly answer: (roomSlug: string) => unknown;
  /** The text that members get and the database holds; undefined: none at all. */
  readonly kept?: string;
}

const invalid = () => errorFrame(INVALID_FORMAT);
const chat =
  (message: unknown, more: object = {}) =>
  (roomSlug: string) => ({
    type: 'chat_message',
    roomSlug,
    message,
    messageId: 'm',
    ...more,
  });
const raw = (text: string) => (roomSlug: string) => text.replaceAll('ROOM', roomSlug);
const RAW_CHAT = '"type":"chat_message","roomSlug":"ROOM","message":"hi","messageId":"m"';

const BOMBS: MessageRow[] = [
  { what: 'arrays, 30,000 deep', sent: raw('['.repeat(30_000) + ']'.repeat(30_000)) },
  { what: 'objects, 10,000 deep', sent: raw('{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000)) },
  { what: 'half of objects, 10,000 deep', sent: raw('{"a":'.repeat(10_000)) },
  { what: 'a list for the text', sent: chat(Array(5_000).fill('x')) },
  {
    what: 'a deep list for the text',
    sent: raw(`{"type":"chat_message","roomSlug":"ROOM","message":${'['.repeat(20_000)}${']'.repeat(20_000)}}`),
  },
  {
    what: 'a deep list for the id',
    sent: raw(
      `{"type":"chat_message","roomSlug":"ROOM","message":"x","messageId":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
    ),
  },
  {
    what: '4,000 unknown keys and no type',
    sent: raw(`{${Array.from({ length: 4_000 }, (_, i) => `"k${i}":1`).join()}}`),
  },
  { what: 'a number of 60,000 digits', sent: raw('9'.repeat(60_000)) },
  { what: 'an id of 60,000 characters', sent: chat('x', { messageId: 'i'.repeat(60_000) }) },
  { what: 'a slug of 60,000 characters', sent: chat('x', { roomSlug: 'a'.repeat(60_000) }) },
  { what: 'a type of 60,000 characters', sent: raw(`{"type":"${'a'.repeat(60_000)}"}`) },
].map((row) => ({ lesson: 'CONN-4, bombs are malformed frames', answer: invalid, ...row }));

const PROTOTYPES: MessageRow[] = [
  {
    what: '__proto__ with a type',
    sent: raw(`{"__proto__":{"type":"chat_message","roomSlug":"ROOM","message":"x"}}`),
    answer: invalid,
  },
  {
    what: '__proto__ with a text',
    sent: raw(`{"type":"chat_message","roomSlug":"ROOM","__proto__":{"message":"x"}}`),
    answer: invalid,
  },
  {
    what: 'constructor.prototype',
    sent: raw(`{"type":"chat_message","roomSlug":"ROOM","constructor":{"prototype":{"message":"x"}}}`),
    answer: invalid,
  },
  { what: '__proto__ as type', sent: raw('{"type":"__proto__"}'), answer: invalid },
  { what: '__proto__ as room', sent: chat('x', { roomSlug: '__proto__' }), answer: invalid },
  {
    what: 'constructor as a room that nobody is in',
    sent: chat('x', { roomSlug: 'constructor' }),
    answer: () => chatRefused('m'),
  },
  {
    what: '__proto__ beside all that is right',
    sent: raw(`{${RAW_CHAT},"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}`),
    answer: (room: string) => messageSent(room, 'm'),
    kept: 'hi',
  },
  {
    what: 'a thenable',
    sent: raw(`{${RAW_CHAT},"then":"x"}`),
    answer: (room: string) => messageSent(room, 'm'),
    kept: 'hi',
  },
  {
    what: 'toJSON, toString and valueOf',
    sent: raw(`{${RAW_CHAT},"toJSON":1,"toString":1,"valueOf":1,"hasOwnProperty":1}`),
    answer: (room: string) => messageSent(room, 'm'),
    kept: 'hi',
  },
  {
    what: '__proto__ as messageId',
    sent: chat('hi', { messageId: '__proto__' }),
    answer: (room: string) => messageSent(room, '__proto__'),
    kept: 'hi',
  },
  {
    what: 'constructor as messageId',
    sent: chat('hi', { messageId: 'constructor' }),
    answer: (room: string) => messageSent(room, 'constructor'),
    kept: 'hi',
  },
  {
    what: 'keys twice: the last one counts',
    sent: raw(`{"message":1,"type":"pong",${RAW_CHAT}}`),
    answer: (room: string) => messageSent(room, 'm'),
    kept: 'hi',
  },
].map((row) => ({ lesson: 'CONN-2, unknown keys are ignored, whatever they are called', ...row }));

const MISTYPED: MessageRow[] = [
  ...[0, 1, 1.5, -1, 1e300, true, false, null, [], {}, ['text'], { text: 'x' }].flatMap((value) => [
    { what: `${JSON.stringify(value)} for a text`, sent: chat(value) },
    { what: `${JSON.stringify(value)} for a slug`, sent: chat('x', { roomSlug: value }) },
  ]),
  ...[0, null, true, [], {}].map((value) => ({
    what: `${JSON.stringify(value)} for an id`,
    sent: chat('x', { messageId: value }),
  })),
  ...['', ' ', 'a b', 'A', '../x', 'a/b', 'a\0', 'ä', '-a', 'a'.repeat(65), "a';--", 'a\n', '\u202ea'].map(
    (roomSlug) => ({
      what: `${JSON.stringify(roomSlug.slice(0, 12))} for a slug`,
      sent: () => ({ type: 'join_room', roomSlug }),
    }),
  ),
  ...['', 'a\0b', 'a\nb', '\ud800', '\u202e', '\u200b', '\u2028', 'i'.repeat(129)].map((messageId) => ({
    what: `${JSON.stringify(messageId.slice(0, 12))} for an id`,
    sent: chat('x', { messageId }),
  })),
].map((row) => ({ lesson: 'CONN-2, ROOM-2, CHAT-3, no value of another kind or form', answer: invalid, ...row }));

const EMPTY: MessageRow[] = [
  ['nothing', ''],
  ['white space', ' \n\t\u00a0\u2003\ufeff'],
  ['controls alone', '\u0000\u0001\u001b\u007f\u0085'],
  ['bidi controls alone', '\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069'],
  ['one character too many', 'x'.repeat(4_001)],
  ['4,001 faces', '💃'.repeat(4_001)],
  ['markup that cleaning makes too long', '<b'.repeat(2_000)],
].map(([what, message]) => ({
  lesson: 'CHAT-6, empty or too long after cleaning',
  what: String(what),
  sent: chat(message),
  answer: () => chatRefused('m'),
}));

const TEXTS: MessageRow[] = [
  ['NUL', 'a\u0000b', 'ab'],
  ['a lone high surrogate', 'a\ud83d', 'a\ufffd'],
  ['a lone low surrogate', '\udc83a', '\ufffda'],
  ['surrogates in the wrong order', '\udc83\ud83d', '\ufffd\ufffd'],
  ['bidi overrides', 'a\u202egnp.exe', 'agnp.exe'],
  ['bidi isolates', '\u2066a\u2069', 'a'],
  ['escape sequences of a terminal', '\u001b[2Jhi\u009b31m', '[2Jhi31m'],
  ['letters that NFC joins', 'e\u0301', 'é'],
  ['< that NFC swallows', '<\u0338script>', '\u226escript>'],
  ['the Kelvin sign, a K after NFC', '<\u212abd>', '&lt;Kbd>'],
  ['markup', '<img src=x onerror=alert(1)>', '&lt;img src=x onerror=alert(1)>'],
  ['markup behind a NUL', '<\u0000script>', '&lt;script>'],
  ['markup behind a surrogate', '<\ud800script>', '<\ufffdscript>'],
  ['a < at the end', 'a <', 'a &lt;'],
  ['ordinary <', '1 < 2 && 3 > 2, I <3 tango, R&B', '1 < 2 && 3 > 2, I <3 tango, R&B'],
  ['SQL', "'); DROP TABLE messages;--", "'); DROP TABLE messages;--"],
  ['an array of PostgreSQL', '{a,"b",NULL}', '{a,"b",NULL}'],
  ['backslashes and quotes', '\\x00 \\" \\\' $1 $$ %s ${x}', '\\x00 \\" \\\' $1 $$ %s ${x}'],
  [
    '1,000 marks on one letter',
    `a${'\u0316'.repeat(1_000)}`,
    `a${`${'\u0316'.repeat(30)}\u034f`.repeat(33)}${'\u0316'.repeat(10)}`,
  ],
  ['4,000 faces', '💃'.repeat(4_000), '💃'.repeat(4_000)],
].map(([what, message, kept]) => ({
  lesson: 'CHAT-7, the stored and the sent text are the cleaned one',
  what: String(what),
  sent: chat(message),
  answer: (room: string) => messageSent(room, 'm'),
  kept: String(kept),
}));

export const MESSAGES = [...BOMBS, ...PROTOTYPES, ...MISTYPED, ...EMPTY, ...TEXTS];
