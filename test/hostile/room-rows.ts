import { chatMessage, joinRoom, leaveRoom } from '../support/client-frames.js';
import { chatRefused, errorFrame, ROOM_FORBIDDEN, roomLeft } from '../support/server-frames.js';
import type { Row } from './attacks.js';

/** Who asks, in which room. `missing` does not exist, and must not once it was asked for. */
export const PEOPLE = ['stranger', 'banned', 'former'] as const;
export const ROOMS = ['hidden', 'public', 'missing'] as const;
export type Who = (typeof PEOPLE)[number];
export type Where = (typeof ROOMS)[number];

export interface RoomRow extends Row {
  readonly who: Who;
  readonly where: Where;
  readonly frames: (roomSlug: string) => readonly object[];
  /** The same for a room that is closed to the one who asks, and for one that is not there. */
  readonly answer: (roomSlug: string) => readonly unknown[];
}

export interface HttpRow extends Row {
  readonly who: Who | 'nobody';
  readonly path: string;
  readonly status: number;
}

const CLOSED: [who: Who, where: Where][] = [
  ['stranger', 'hidden'],
  ['stranger', 'missing'],
  ['banned', 'hidden'],
  ['banned', 'public'],
  ['banned', 'missing'],
  ['former', 'hidden'],
];

const ATTEMPTS: Pick<RoomRow, 'what' | 'frames' | 'answer'>[] = [
  { what: 'joins', frames: (room) => [joinRoom(room)], answer: () => [errorFrame(ROOM_FORBIDDEN)] },
  {
    what: 'joins again and again',
    frames: (room) => Array<object>(20).fill(joinRoom(room)),
    answer: () => Array<unknown>(20).fill(errorFrame(ROOM_FORBIDDEN)),
  },
  {
    what: 'speaks without joining',
    frames: (room) => [chatMessage(room, 'hi', 'm')],
    answer: () => [chatRefused('m')],
  },
  {
    what: "asks for a member's messageId",
    frames: (room) => [chatMessage(room, 'among ourselves', 'inside')],
    answer: () => [chatRefused('inside')],
  },
  { what: 'leaves without joining', frames: (room) => [leaveRoom(room)], answer: (room) => [roomLeft(room)] },
  {
    what: 'joins with claims of its own',
    frames: (room) => [{ ...joinRoom(room), userId: 1, role: 'owner', isAdmin: true, user: { id: 1, role: 'admin' } }],
    answer: () => [errorFrame(ROOM_FORBIDDEN)],
  },
];

export const REFUSED: RoomRow[] = CLOSED.flatMap(([who, where]) =>
  ATTEMPTS.map((attempt) => ({
    lesson: 'ROOM-4, a closed room answers as one that is not there',
    ...attempt,
    what: `a ${who} user ${attempt.what}, ${where} room`,
    who,
    where,
  })),
);

export const ASKED: HttpRow[] = [
  ...CLOSED.map(([who, where]) => ({ who, path: `/rooms/${where}/messages`, status: 404 })),
  { who: 'stranger' as const, path: '/rooms/..%2fhidden/messages', status: 404 },
  { who: 'stranger' as const, path: "/rooms/hidden'--/messages", status: 404 },
  { who: 'nobody' as const, path: '/rooms/hidden/messages', status: 401 },
  { who: 'nobody' as const, path: '/rooms/missing/messages', status: 401 },
  { who: 'stranger' as const, path: '/ws/stats', status: 403 },
  { who: 'nobody' as const, path: '/ws/stats', status: 401 },
  { who: 'nobody' as const, path: '/metrics', status: 200 },
  { who: 'nobody' as const, path: '/health/ready', status: 200 },
].map((row) => ({
  lesson: 'ROOM-4, STAT-2, nobody learns of a room over HTTP',
  what: `${row.who} asks ${row.path}`,
  ...row,
}));
