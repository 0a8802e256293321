/** The token proves nothing (AUTH-3). The message is for logs and never holds any part of the token (LIMIT-4). */
export class InvalidTokenError extends Error {
  override readonly name = 'InvalidTokenError';

  constructor(reason: string) {
    super(`Invalid token: ${reason}`);
  }
}

/** The keys that would tell cannot be had at the moment: nothing is said about the token (as AUTH-9 for the database). */
export class TokenKeysUnavailableError extends Error {
  override readonly name = 'TokenKeysUnavailableError';

  constructor(reason: string) {
    super(`Token keys unavailable: ${reason}`);
  }
}
