/**
 * The wire: every frame of the protocol, once. Server, tests and client code share these types.
 * Classes are what clients send (and how it is validated); interfaces are what the server sends.
 */
import { AuthMessage, type AuthError, type AuthSuccess, type AuthSuccess2 } from './auth.js';
import { ChatMessage, type MessageSent, type NewMessage } from './chat.js';
import type { ErrorFrame } from './errors.js';
import { PongMessage, type Ping } from './heartbeat.js';
import { HistoryMessage, type HistoryPage } from './history.js';
import { RoomMembersMessage, type RoomMembers } from './members.js';
import type { Reconnect, RoomRemoved, TokenExpiring } from './notices.js';
import {
  JoinRoomMessage,
  LeaveRoomMessage,
  ResumeRoomMessage,
  type RoomJoined,
  type RoomJoined2,
  type RoomLeft,
  type UserJoined,
  type UserLeft,
} from './rooms.js';
import { TypingMessage, type UserTyping } from './typing.js';

/** What a client may send, by `type`: version 1 of the protocol. */
export const CLIENT_MESSAGES = {
  auth: AuthMessage,
  pong: PongMessage,
  join_room: JoinRoomMessage,
  leave_room: LeaveRoomMessage,
  chat_message: ChatMessage,
} as const;

/** The same on a connection that speaks protocol 2. */
export const CLIENT_MESSAGES_2 = {
  ...CLIENT_MESSAGES,
  join_room: ResumeRoomMessage,
  history: HistoryMessage,
  room_members: RoomMembersMessage,
  typing: TypingMessage,
} as const;

export type ServerFrame =
  | AuthSuccess
  | AuthSuccess2
  | AuthError
  | Ping
  | RoomJoined
  | RoomJoined2
  | RoomLeft
  | UserJoined
  | UserLeft
  | MessageSent
  | NewMessage
  | HistoryPage
  | RoomMembers
  | UserTyping
  | RoomRemoved
  | TokenExpiring
  | Reconnect
  | ErrorFrame;

const OWN_TYPES: Record<keyof typeof CLIENT_MESSAGES_2 | ServerFrame['type'], true> = {
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
  history: true,
  room_members: true,
  typing: true,
  user_typing: true,
  room_removed: true,
  token_expiring: true,
  reconnect: true,
  error: true,
};

/** Every `type` of the protocol's own: no event may take one of these names (EVENT-3). */
export const RESERVED_TYPES: ReadonlySet<string> = new Set(Object.keys(OWN_TYPES));

export type { AuthError, AuthSuccess, AuthSuccess2, ClientLimits, UserView } from './auth.js';
export type { MessageSent, MessageView, NewMessage } from './chat.js';
export { CLOSE_CODE } from './close-codes.js';
export type { ErrorCode, ErrorFrame, SendFailure } from './errors.js';
export type { Ping } from './heartbeat.js';
export type { HistoryPage } from './history.js';
export type { RoomMember, RoomMembers } from './members.js';
export type { Reconnect, RoomRemoved, TokenExpiring } from './notices.js';
export type { RoomJoined, RoomJoined2, RoomLeft, RoomVisitor, UserJoined, UserLeft } from './rooms.js';
export type { Stats } from './stats.js';
export type { UserTyping } from './typing.js';
