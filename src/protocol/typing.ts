import { IsBoolean, Matches } from 'class-validator';
import { ClientMessage } from './requests.js';
import { ROOM_SLUG, type RoomVisitor } from './rooms.js';

/** Client, a member: begins to type in the room, or goes on (every few seconds), or ends it (LIFE-2). Has no answer. */
export class TypingMessage extends ClientMessage {
  @Matches(ROOM_SLUG)
  roomSlug!: string;

  @IsBoolean()
  isTyping!: boolean;
}

/** Server, to the other members on connections that speak protocol 2: somebody begins to type, or has ended (LIFE-2). */
export interface UserTyping {
  type: 'user_typing';
  data: RoomVisitor & { isTyping: boolean };
}
