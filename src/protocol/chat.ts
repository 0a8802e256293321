import { IsString, Matches, ValidateIf } from 'class-validator';
import { ClientMessage, type Answer } from './requests.js';
import { ROOM_SLUG } from './rooms.js';

/** 1 to 128 characters, none of them a control, format or line-breaking one (CHAT-3). */
export const MESSAGE_ID = /^[^\p{C}\p{Zl}\p{Zp}]{1,128}$/u;

/** Client: say this in the room (CHAT-1). */
export class ChatMessage extends ClientMessage {
  @Matches(ROOM_SLUG)
  roomSlug!: string;

  @IsString()
  message!: string;

  /** The client's own name for the message; sending it again is harmless (CHAT-4). Made by the server when absent. */
  @ValidateIf((chat: ChatMessage) => chat.messageId !== undefined)
  @Matches(MESSAGE_ID)
  messageId?: string;
}

/** Server, to the sender: it is committed (CHAT-1). */
export interface MessageSent extends Answer {
  type: 'message_sent';
  messageId: string;
  timestamp: number;
  roomSlug: string;
}

/** A stored message, as members see it (CHAT-2). */
export interface MessageView {
  /** Rises within a room. */
  id: number;
  /** The message's `messageId`. */
  slug: string;
  chatRoomSlug: string;
  /** The author's user id as a string. */
  userSlug: string;
  username: string;
  messageType: string;
  message: string;
  /** ISO 8601, UTC. */
  createdAt: string;
}

/** Server, to every member of the room, the sender included (CHAT-1). */
export interface NewMessage {
  type: 'new_message';
  data: MessageView;
  roomSlug: string;
  timestamp: number;
}
