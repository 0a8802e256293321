import { IsInt, Matches, Max, Min, ValidateIf } from 'class-validator';
import { ClientMessage, type Answer } from './requests.js';

/** What a room may be called (ROOM-2). */
export const ROOM_SLUG = /^[a-z0-9][a-z0-9_-]{0,63}$/;

/** Client: let me in (ROOM-1). */
export class JoinRoomMessage extends ClientMessage {
  @Matches(ROOM_SLUG)
  roomSlug!: string;
}

/** Client, protocol 2: let me in, and give me what I missed (RES-1). */
export class ResumeRoomMessage extends JoinRoomMessage {
  /** The highest `data.id` that the client saw in the room; 0: none. */
  @ValidateIf((join: ResumeRoomMessage) => join.after !== undefined)
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  after?: number;
}

/** Client: I am leaving (ROOM-6). */
export class LeaveRoomMessage extends ClientMessage {
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

/** Server, to the one who joined, on a connection that speaks protocol 2 (RES-1). */
export interface RoomJoined2 extends RoomJoined, Answer {
  /** The room's newest id at the join; 0 when it has none. What is newer comes live, and nothing else does. */
  lastId: number;
  /**
   * True: all that was missed since `after` follows at once. False: none of it does, and the client pages through the
   * history; or it gave no `after`, or one beyond `lastId`, which is not of this room's history.
   */
  recovered: boolean;
}

/** Server, to the one who left (ROOM-6). */
export interface RoomLeft extends Answer {
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
