import { Matches } from 'class-validator';

/** What a room may be called (ROOM-2). */
export const ROOM_SLUG = /^[a-z0-9][a-z0-9_-]{0,63}$/;

/** Client: let me in (ROOM-1). */
export class JoinRoomMessage {
  @Matches(ROOM_SLUG)
  roomSlug!: string;
}

/** Client: I am leaving (ROOM-6). */
export class LeaveRoomMessage {
  @Matches(ROOM_SLUG)
  roomSlug!: string;
}

/** Server, to the one who joined (ROOM-1). */
export interface RoomJoined {
  type: 'room_joined';
  roomSlug: string;
  message: string;
  /** Distinct users in the room, the joiner included. */
  userCount: number;
  timestamp: number;
}

/** Server, to the one who left (ROOM-6). */
export interface RoomLeft {
  type: 'room_left';
  roomSlug: string;
  timestamp: number;
}

export interface RoomVisitor {
  userId: number;
  username: string;
  roomSlug: string;
}

/** Server, to the others in the room (ROOM-1). */
export interface UserJoined {
  type: 'user_joined';
  data: RoomVisitor;
  roomSlug: string;
  timestamp: number;
}

/** Server, to those who remain. As the contract shows it, without a top-level `roomSlug` (ROOM-6). */
export interface UserLeft {
  type: 'user_left';
  data: RoomVisitor;
  timestamp: number;
}
