import { Matches } from 'class-validator';
import { ClientMessage, type Answer } from './requests.js';
import { ROOM_SLUG } from './rooms.js';

/** As many members of a room are listed at most. */
export const MAX_LISTED_MEMBERS = 200;

/** Client, a member: who is in the room (LIFE-1)? */
export class RoomMembersMessage extends ClientMessage {
  @Matches(ROOM_SLUG)
  roomSlug!: string;
}

export interface RoomMember {
  userId: number;
  username: string;
  /** Everybody who is in a room is `online`, as long as nobody can say that they are away. */
  status: 'online' | 'away';
}

/** Server: who is in the room, by way of any node (LIFE-1). */
export interface RoomMembers extends Answer {
  type: 'room_members';
  roomSlug: string;
  /** Distinct users in the room, listed or not. */
  userCount: number;
  /** The first `MAX_LISTED_MEMBERS` of them. */
  users: RoomMember[];
}
