import { clientFrame, closeFrame, OPCODE } from '../../fuzz/client-frame.mjs';
import { errorFrame, INVALID_FORMAT } from '../support/server-frames.js';
import type { Row } from './attacks.js';

export interface FrameRow extends Row {
  /** Written past the client's own framing. */
  readonly bytes: Buffer;
  /** The close code that comes back; undefined: the connection stays. */
  readonly code?: number;
  /** What comes back before; and the same whether it arrives at once or byte by byte. */
  readonly frames?: readonly unknown[];
}

const { continuation, text, binary, ping, pong } = OPCODE;
const INVALID = [errorFrame(INVALID_FORMAT)];
const PONG = '{"type":"pong"}';
const MAX_FRAME_BYTES = 65_536;

const part = (opcode: number, payload: string | Buffer) => clientFrame(opcode, payload, { isFinal: false });
const times = (count: number, bytes: Buffer) => Buffer.concat(Array<Buffer>(count).fill(bytes));

const VIOLATIONS: FrameRow[] = [
  {
    lesson: '5.1, clients mask',
    what: 'an unmasked text',
    bytes: clientFrame(text, PONG, { isMasked: false }),
    code: 1002,
  },
  {
    lesson: '5.1, clients mask',
    what: 'an unmasked ping',
    bytes: clientFrame(ping, '', { isMasked: false }),
    code: 1002,
  },
  {
    lesson: '5.1, clients mask',
    what: 'an unmasked close',
    bytes: clientFrame(OPCODE.close, '', { isMasked: false }),
    code: 1002,
  },
  ...[1, 2, 4, 5, 7].map((reserved) => ({
    lesson: '5.2, reserved bits are zero: no compression was agreed on',
    what: `reserved bits ${reserved}`,
    bytes: clientFrame(text, PONG, { reserved }),
    code: 1002,
  })),
  {
    lesson: '5.2, reserved bits are zero',
    what: 'a ping with reserved bits',
    bytes: clientFrame(ping, '', { reserved: 4 }),
    code: 1002,
  },
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode) => ({
    lesson: '5.2, unknown opcodes end the connection',
    what: `opcode ${opcode}`,
    bytes: clientFrame(opcode, PONG),
    code: 1002,
  })),
  {
    lesson: '5.4, a message begins before it goes on',
    what: 'a continuation of nothing',
    bytes: clientFrame(continuation, PONG),
    code: 1002,
  },
  {
    lesson: '5.4, messages do not mix',
    what: 'a text within a text',
    bytes: Buffer.concat([part(text, '{'), clientFrame(text, PONG)]),
    code: 1002,
  },
  {
    lesson: '5.4, messages do not mix',
    what: 'bytes within a text',
    bytes: Buffer.concat([part(text, '{'), clientFrame(binary, PONG)]),
    code: 1002,
  },
  { lesson: '5.5, control frames are whole', what: 'a fragment of a ping', bytes: part(ping, ''), code: 1002 },
  { lesson: '5.5, control frames are whole', what: 'a fragment of a close', bytes: part(OPCODE.close, ''), code: 1002 },
  {
    lesson: '5.5, control frames are short',
    what: 'a ping of 126 bytes',
    bytes: clientFrame(ping, Buffer.alloc(126)),
    code: 1002,
  },
  {
    lesson: '5.5, control frames are short',
    what: 'a pong of 65,536 bytes',
    bytes: clientFrame(pong, Buffer.alloc(65_536)),
    code: 1002,
  },
  {
    lesson: '5.5, control frames are short',
    what: 'a close of 126 bytes',
    bytes: clientFrame(OPCODE.close, Buffer.alloc(126, 3)),
    code: 1002,
  },
].map((row) => ({ ...row, lesson: `RFC 6455 ${row.lesson}` }));

const CODES: FrameRow[] = [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2999, 5000, 65535].map((code) => ({
  lesson: 'RFC 6455 7.4, codes that nobody may send',
  what: `close with code ${code}`,
  bytes: closeFrame(code),
  code: 1002,
}));

const CLOSES: FrameRow[] = [
  { what: 'a close of one byte', bytes: clientFrame(OPCODE.close, 'x'), code: 1002 },
  { what: 'a close whose reason is no UTF-8', bytes: closeFrame(1000, Buffer.from([0xc3, 0x28])), code: 1007 },
  {
    what: 'a close, and a text behind it',
    bytes: Buffer.concat([closeFrame(1000), clientFrame(text, 'x')]),
    code: 1000,
  },
  {
    what: 'an answered text, and a close behind it',
    bytes: Buffer.concat([clientFrame(text, 'x'), closeFrame(3000)]),
    code: 3000,
  },
  { what: 'two closes', bytes: Buffer.concat([closeFrame(1000), closeFrame(1001)]), code: 1000 },
].map((row) => ({ lesson: 'RFC 6455 5.5.1, a close is answered, and nothing follows it', ...row }));

const UTF8: FrameRow[] = [
  ['a lone continuation byte', [0x80]],
  ['a sequence that breaks off', [0xe2, 0x82]],
  ['an overlong slash', [0xc0, 0xaf]],
  ['an overlong NUL', [0xe0, 0x80, 0x80]],
  ['a surrogate', [0xed, 0xa0, 0x80]],
  ['beyond U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
  ['0xFF', [0xff]],
].map(([what, bytes]) => ({
  lesson: 'RFC 6455 8.1, texts are UTF-8',
  what: String(what),
  bytes: clientFrame(text, Buffer.from(bytes as number[])),
  code: 1007,
}));

const SIZES: FrameRow[] = [
  { what: 'one byte too many', bytes: clientFrame(text, 'x'.repeat(MAX_FRAME_BYTES + 1)), code: 1009 },
  { what: 'a claim of 4 GiB', bytes: clientFrame(text, 'x', { claims: 1n << 32n, lengthBits: '64' }), code: 1009 },
  {
    what: 'a claim of 2^53 + 1',
    bytes: clientFrame(text, 'x', { claims: (1n << 53n) + 1n, lengthBits: '64' }),
    code: 1009,
  },
  { what: 'a claim of 2^63', bytes: clientFrame(text, 'x', { claims: 1n << 63n, lengthBits: '64' }), code: 1009 },
  { what: 'the whole of bytes', bytes: clientFrame(binary, Buffer.alloc(MAX_FRAME_BYTES + 1)), code: 1009 },
  {
    what: 'fragments that are too many bytes together',
    bytes: Buffer.concat([part(text, 'x'.repeat(40_000)), clientFrame(continuation, 'x'.repeat(40_000))]),
    code: 1009,
  },
  { what: '65 fragments', bytes: Buffer.concat([part(text, 'x'), times(64, part(continuation, 'x'))]), code: 1008 },
  {
    what: '10,000 empty fragments',
    bytes: Buffer.concat([part(text, ''), times(9_999, part(continuation, ''))]),
    code: 1008,
  },
].map((row) => ({ lesson: 'CONN-2, frames and fragments are bounded', ...row }));

const ENDURED: FrameRow[] = [
  { what: 'a frame of 64 KiB', bytes: clientFrame(text, 'x'.repeat(MAX_FRAME_BYTES)), frames: INVALID },
  { what: 'a binary frame', bytes: clientFrame(binary, PONG), frames: INVALID },
  { what: 'an empty text', bytes: clientFrame(text), frames: INVALID },
  {
    what: 'a pong in 64 fragments',
    bytes: Buffer.concat([
      part(text, '{"type":"pong"'),
      times(62, part(continuation, ' ')),
      clientFrame(continuation, '}'),
    ]),
    frames: [],
  },
  {
    what: 'fragments with pings between',
    bytes: Buffer.concat([part(text, '{"type":'), clientFrame(ping, 'x'), clientFrame(continuation, '"pong"}')]),
    frames: [],
  },
  {
    what: 'a letter cut in two',
    bytes: Buffer.concat([part(text, Buffer.from([0xc3])), clientFrame(continuation, Buffer.from([0xa9]))]),
    frames: INVALID,
  },
  { what: 'a length in more bytes than it needs', bytes: clientFrame(text, PONG, { lengthBits: '64' }), frames: [] },
  { what: 'a byte-order mark before the JSON', bytes: clientFrame(text, `\uFEFF${PONG}`), frames: INVALID },
  { what: '200 pings with 125 bytes', bytes: times(200, clientFrame(ping, Buffer.alloc(125))), frames: [] },
  { what: '2,000 pongs', bytes: times(2_000, clientFrame(pong)), frames: [] },
  {
    what: '500 texts that are no JSON',
    bytes: times(500, clientFrame(text, 'x')),
    frames: Array<unknown>(500).fill(INVALID[0]),
  },
].map((row) => ({ lesson: 'CONN-2, CONN-4, what is allowed or only malformed leaves the connection open', ...row }));

export const FRAMES = [...VIOLATIONS, ...CODES, ...CLOSES, ...UTF8, ...SIZES, ...ENDURED];
