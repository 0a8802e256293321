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

const OWN_TYPES: Record<keyof typeof CLIENT_MESSAGES | ServerFrame['type'], true> = {
  auth: true,
  pong: true,
  join_room: true,
  leave_room: true,
  chat_message: true,
  auth_success: true,
  auth_error: true,
  ping: true,
  room_joined: true,
  room_left: true,
  user_joined: true,
  user_left: true,
  message_sent: true,
  new_message: true,
  error: true,
};

/** Every `type` of the protocol's own: no event may take one of these names (EVENT-3). */
export const RESERVED_TYPES: ReadonlySet<string> = new Set(Object.keys(OWN_TYPES));

export type { AuthError, AuthSuccess, UserView } from './auth.js';
export type { MessageSent, MessageView, NewMessage } from './chat.js';
export { CLOSE_CODE } from './close-codes.js';
export type { ErrorFrame } from './errors.js';
export type { Ping } from './heartbeat.js';
export type { RoomJoined, RoomLeft, RoomVisitor, UserJoined, UserLeft } from './rooms.js';
export type { Stats } from './stats.js';
