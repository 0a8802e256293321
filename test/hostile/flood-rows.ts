import { clientFrame, OPCODE } from '../../fuzz/client-frame.mjs';
import { chatMessage, joinRoom } from '../support/client-frames.js';
import type { Row } from './attacks.js';

export interface FloodRow extends Row {
  /** Sent again and again, until the connection ends. */
  readonly bytes: (roomSlug: string, round: number) => Buffer;
  /** Before `auth`. */
  readonly asStranger?: boolean;
  /** Tabs of the user among which the flood is spread. */
  readonly tabs?: number;
}

const ROUND = 50;
const many = (frames: (i: number) => Buffer) => Buffer.concat(Array.from({ length: ROUND }, (_, i) => frames(i)));
const text = (frame: object | string) =>
  clientFrame(OPCODE.text, typeof frame === 'string' ? frame : JSON.stringify(frame));

export const FLOODS: FloodRow[] = [
  {
    what: 'messages',
    bytes: (room: string, round: number) => many((i) => text(chatMessage(room, 'x', `m${round}-${i}`))),
  },
  { what: 'one message again and again', bytes: (room: string) => many(() => text(chatMessage(room, 'x', 'm'))) },
  { what: 'messages of 60 KB', bytes: (room: string) => many(() => text(chatMessage(room, 'x'.repeat(60_000), 'm'))) },
  { what: 'nonsense', bytes: () => many(() => text('x')) },
  { what: 'binary frames', bytes: () => many(() => clientFrame(OPCODE.binary, Buffer.alloc(1_000))) },
  {
    what: 'joins of rooms that are not there',
    bytes: (room: string, round: number) => many((i) => text(joinRoom(`${room}-${round}-${i}`))),
  },
  { what: 'JSON pongs', bytes: () => many(() => text({ type: 'pong' })) },
  { what: 'native pings', bytes: () => many(() => clientFrame(OPCODE.ping, Buffer.alloc(125))) },
  { what: 'native pongs', bytes: () => many(() => clientFrame(OPCODE.pong)) },
  { what: 'messages of five tabs', tabs: 5, bytes: (room: string) => many(() => text(chatMessage(room, 'x'))) },
  { what: 'nonsense of a stranger', asStranger: true, bytes: () => many(() => text('x')) },
  {
    what: 'messages of a stranger',
    asStranger: true,
    bytes: (room: string) => many(() => text(chatMessage(room, 'x'))),
  },
].map((row) => ({ lesson: 'LIMIT-1, who floods is refused, then cut off with 4429', ...row }));

export interface DialRow extends Row {
  /** X-Forwarded-For of each dial; undefined: no such header. */
  readonly forwarded?: (i: number) => string;
  readonly dials: number;
  /** Whether each authenticates before the next one comes. */
  readonly authenticates?: boolean;
  /** Whether each is closed before the next one comes. */
  readonly closes?: boolean;
  /** How many get in; how the others are answered. */
  readonly admitted: number;
  readonly status: number;
}

/** What the rows below are about. */
export const DIAL_LIMITS = {
  MAX_CONNECTIONS_PER_ADDRESS: '20',
  MAX_UNAUTHENTICATED_CONNECTIONS: '30',
  DIAL_BURST_PER_ADDRESS: '40',
  DIAL_RATE_PER_ADDRESS: '1',
  MAX_CONNECTIONS_PER_USER: '100',
};

export const DIALS: DialRow[] = [
  { what: 'strangers of one address', forwarded: () => '203.0.113.1', dials: 20, admitted: 15, status: 429 },
  {
    what: 'strangers who say they come from elsewhere',
    forwarded: (i: number) => `198.51.100.${i}, 203.0.113.2`,
    dials: 20,
    admitted: 15,
    status: 429,
  },
  {
    what: 'strangers of one IPv6 network',
    forwarded: (i: number) => `2001:db8:1:2::${i}`,
    dials: 20,
    admitted: 15,
    status: 429,
  },
  {
    what: 'strangers of many addresses',
    forwarded: (i: number) => `198.51.100.${i}`,
    dials: 35,
    admitted: 30,
    status: 503,
  },
  {
    what: 'people of one address',
    forwarded: () => '203.0.113.3',
    dials: 25,
    authenticates: true,
    admitted: 20,
    status: 429,
  },
  {
    what: 'dials that are closed at once',
    forwarded: () => '203.0.113.4',
    dials: 60,
    closes: true,
    admitted: 40,
    status: 429,
  },
].map((row) => ({ lesson: 'an address has its share, and no more', ...row }));
