export interface VerifiedToken {
  readonly userId: number;
  /** The token's `exp` in milliseconds since the epoch (AUTH-7); undefined: it does not expire. */
  readonly expiresAt: number | undefined;
}

/** Tells whose a token is (AUTH-2). */
export abstract class TokenVerifier {
  /**
   * @throws InvalidTokenError when anything is wrong with the token.
   * @throws TokenKeysUnavailableError when that cannot be found out now.
   */
  abstract verify(token: string): VerifiedToken | Promise<VerifiedToken>;
}
