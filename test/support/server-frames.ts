import { anyId, anyText, anyTimestamp, anyUtcTime } from './matchers.js';

/** What a v1 connection is sent, key for key as contract.md shows it: for `toEqual`, so an extra key fails. */

export interface Person {
  readonly id: number;
  readonly username: string;
  readonly name: string;
}

export const NOT_AUTHENTICATED = 'Not authenticated';
export const INVALID_FORMAT = 'Invalid message format';
export const FAILED_TO_SEND = 'Failed to send message';
export const ROOM_FORBIDDEN = 'Room not found or access denied';
export const RATE_LIMITED = 'Rate limit exceeded';

export const authSuccess = ({ id, username, name }: Person) => ({
  type: 'auth_success',
  message: 'Authentication successful',
  user: { id, username, name },
  timestamp: anyTimestamp,
});

export const authError = () => ({ type: 'auth_error', message: 'Authentication failed', timestamp: anyTimestamp });

export const errorFrame = (message: string) => ({ type: 'error', message, timestamp: anyTimestamp });

export const chatRefused = (messageId: string, message = FAILED_TO_SEND) => ({ ...errorFrame(message), messageId });

export const roomJoined = (roomSlug: string, userCount: number) => ({
  type: 'room_joined',
  roomSlug,
  message: `Joined room ${roomSlug}`,
  userCount,
  timestamp: anyTimestamp,
});

export const roomLeft = (roomSlug: string) => ({ type: 'room_left', roomSlug, timestamp: anyTimestamp });

export const userJoined = ({ id, username }: Person, roomSlug: string) => ({
  type: 'user_joined',
  data: { userId: id, username, roomSlug },
  roomSlug,
  timestamp: anyTimestamp,
});

/** As the contract shows: no `roomSlug` beside `data` (ROOM-6). */
export const userLeft = ({ id, username }: Person, roomSlug: string) => ({
  type: 'user_left',
  data: { userId: id, username, roomSlug },
  timestamp: anyTimestamp,
});

export const messageSent = (roomSlug: string, messageId: unknown) => ({
  type: 'message_sent',
  messageId,
  timestamp: anyTimestamp,
  roomSlug,
});

export const newMessage = (sender: Person, roomSlug: string, message: string, messageId: unknown) => ({
  type: 'new_message',
  data: {
    id: anyId,
    slug: messageId,
    chatRoomSlug: roomSlug,
    userSlug: String(sender.id),
    username: sender.username,
    messageType: 'TEXT',
    message,
    createdAt: anyUtcTime,
  },
  roomSlug,
  timestamp: anyTimestamp,
});

/** V2-1 */
export const authSuccess2 = (person: Person) => ({
  ...authSuccess(person),
  protocol: 2,
  connectionId: anyText,
  heartbeatMs: 30_000,
  limits: { maxFrameBytes: 65_536, maxMessageLength: 4_000, maxRooms: 128, replayLimit: 500 },
});

/** V2-3 */
export const refusal = (code: string, message: string, more: object = {}) => ({
  ...errorFrame(message),
  code,
  ...more,
});

/** RES-1 */
export const roomJoined2 = (roomSlug: string, userCount: number, lastId: number, recovered: boolean) => ({
  ...roomJoined(roomSlug, userCount),
  lastId,
  recovered,
});

/** LIFE-1 */
export const roomMembersOf = (roomSlug: string, ...people: readonly Person[]) => ({
  type: 'room_members',
  roomSlug,
  userCount: people.length,
  users: people.map(({ id, username }) => ({ userId: id, username, status: 'online' })),
});

/** LIFE-2 */
export const userTyping = ({ id, username }: Person, roomSlug: string, isTyping: boolean) => ({
  type: 'user_typing',
  data: { userId: id, username, roomSlug, isTyping },
});

export const eventFrame = (type: string, data: unknown) => ({ type, data, timestamp: anyTimestamp });
