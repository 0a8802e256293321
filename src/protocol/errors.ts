import type { Answer } from './requests.js';

/** What was refused and why, for programs (V2-3). `not_found` is not used yet. */
export type ErrorCode = keyof typeof ERROR_TEXT | SendFailure | 'not_found';

/** Why a chat message was refused (CHAT-6). */
export type SendFailure =
  | 'not_in_room'
  | 'muted'
  | 'message_empty'
  | 'message_too_long'
  /** The same `messageId` stands for another text (CHAT-4). */
  | 'message_conflict'
  | 'storage_unavailable';

/** Server: something was refused. `messageId` stands only where a chat message was (CHAT-6, LIMIT-1). */
export interface ErrorFrame extends Answer {
  type: 'error';
  message: string;
  messageId?: string;
  timestamp: number;
  /** On connections that speak protocol 2 (V2-3); applications that add gateways may have codes of their own. */
  code?: ErrorCode | (string & {});
  /** Protocol 2: trying again is of use from then on, in milliseconds from now. */
  retryAfterMs?: number | undefined;
}

/** CHAT-6: the text of every `SendFailure`. */
export const SEND_FAILED = 'Failed to send message';

/** The text of each `error` frame that refuses no chat message, by its code. */
export const ERROR_TEXT = {
  /** CONN-2 */
  invalid_format: 'Invalid message format',
  /** AUTH-4 */
  not_authenticated: 'Not authenticated',
  /** AUTH-6 */
  already_authenticated: 'Already authenticated',
  /** ROOM-3, ROOM-4: says the same of a missing room and of a closed one. */
  room_forbidden: 'Room not found or access denied',
  /** Something is asked of a room that the connection has not joined. */
  not_in_room: 'Not in this room',
  /** Somebody who may not write types (LIFE-2). */
  muted: 'Muted in this room',
  /** ROOM-8 */
  too_many_rooms: 'Too many rooms',
  /** LIMIT-1 */
  rate_limited: 'Rate limit exceeded',
  /** A guard of a host application's own gateway said no. */
  forbidden: 'Forbidden',
  /** The database cannot be asked just now. */
  storage_unavailable: 'Service temporarily unavailable',
  /** A fault of the server's own (LIMIT-4: nothing else is told). */
  internal: 'Internal server error',
} as const;
