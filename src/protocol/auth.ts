import { IsInt, IsString, Matches, Min, ValidateIf } from 'class-validator';
import { ClientMessage, REQUEST_ID, type Answer } from './requests.js';

/** Client: who I am (AUTH-1). Sent again by the same user it refreshes the session (AUTH-6). */
export class AuthMessage extends ClientMessage {
  /** A JWT (AUTH-2). */
  @IsString()
  token!: string;

  /** The newest version of the protocol that the client speaks; absent: 1. Once a connection speaks 2, it stays so. */
  @ValidateIf((auth: AuthMessage) => auth.protocol !== undefined)
  @IsInt()
  @Min(1)
  protocol?: number;

  /** Checked here only where the frame itself asks for protocol 2: before it, a connection is v1, which knows no such key. */
  @ValidateIf((auth: AuthMessage) => auth.requestId !== undefined && (auth.protocol ?? 1) >= 2)
  @Matches(REQUEST_ID)
  declare requestId?: string;
}

/** What a user is told of themselves. */
export interface UserView {
  id: number;
  username: string;
  name: string;
}

/** Server: the answer to a good token (AUTH-1). */
export interface AuthSuccess {
  type: 'auth_success';
  message: 'Authentication successful';
  user: UserView;
  timestamp: number;
}

/** Server: the same on a connection that speaks protocol 2 (V2-1). */
export interface AuthSuccess2 extends AuthSuccess, Answer {
  protocol: 2;
  /** Names the connection, for as long as it lives. */
  connectionId: string;
  /** Between two `ping` frames (BEAT-1). */
  heartbeatMs: number;
  limits: ClientLimits;
}

/** What a client should keep to (V2-1). */
export interface ClientLimits {
  /** Largest frame, in bytes (CONN-2). */
  maxFrameBytes: number;
  /** Longest message text after cleaning, in code points (CHAT-6). */
  maxMessageLength: number;
  /** Rooms of one connection (ROOM-8). */
  maxRooms: number;
  /** Most missed messages that follow a join (RES-1). */
  replayLimit: number;
}

/** Server: the same for a bad token, an unknown and an inactive user (AUTH-3), and for none in time (AUTH-5). */
export interface AuthError extends Answer {
  type: 'auth_error';
  message: 'Authentication failed';
  timestamp: number;
}
