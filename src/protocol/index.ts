/**
 * The wire: every frame of the v1 protocol, once. Server, tests and client code share these types.
 * Classes are what clients send (and how it is validated); interfaces are what the server sends.
 */
import { AuthMessage, type AuthError, type AuthSuccess } from './auth.js';
import { ChatMessage, type MessageSent, type NewMessage } from './chat.js';
import type { ErrorFrame } from './errors.js';
import { PongMessage, type Ping } from './heartbeat.js';
import {
  JoinRoomMessage,
  LeaveRoomMessage,
  type RoomJoined,
  type RoomLeft,
  type UserJoined,
  type UserLeft,
} from './rooms.js';

/** What a client may send, by `type`. */
export const CLIENT_MESSAGES = {
  auth: AuthMessage,
  pong: PongMessage,
  join_room: JoinRoomMessage,
  leave_room: LeaveRoomMessage,
  chat_message: ChatMessage,
} as const;

export type ServerFrame =
  | AuthSuccess
  | AuthError
  | Ping
  | RoomJoined
  | RoomLeft
  | UserJoined
  | UserLeft
  | MessageSent
  | NewMessage
  | ErrorFrame;

/** Every `type` of the protocol's own: no event may take one of these names (EVENT-3). */
export const RESERVED_TYPES: ReadonlySet<string> = new Set<keyof typeof CLIENT_MESSAGES | ServerFrame['type']>([
  'auth',
  'pong',
  'join_room',
  'leave_room',
  'chat_message',
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
]);

export type { AuthError, AuthSuccess, UserView } from './auth.js';
export type { MessageSent, MessageView, NewMessage } from './chat.js';
export { CLOSE_CODE } from './close-codes.js';
export type { ErrorFrame } from './errors.js';
export type { Ping } from './heartbeat.js';
export type { RoomJoined, RoomLeft, RoomVisitor, UserJoined, UserLeft } from './rooms.js';
export type { Stats } from './stats.js';
