import { IsString } from 'class-validator';

/** Client: who I am (AUTH-1). Sent again by the same user it refreshes the session (AUTH-6). */
export class AuthMessage {
  /** A JWT (AUTH-2). */
  @IsString()
  token!: string;
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

/** Server: the same for a bad token, an unknown and an inactive user (AUTH-3), and for none in time (AUTH-5). */
export interface AuthError {
  type: 'auth_error';
  message: 'Authentication failed';
  timestamp: number;
}
