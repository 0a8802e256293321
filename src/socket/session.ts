/** Who a connection is, once it has authenticated. */
export interface Session {
  readonly user: SessionUser;
  /** The token's `exp` in milliseconds since the epoch; undefined: it does not expire. */
  readonly expiresAt: number | undefined;
  /** False from the moment the user was cut off (AUTH-8). */
  isActive: boolean;
}

export interface SessionUser {
  readonly id: number;
  readonly username: string;
  readonly name: string;
}
