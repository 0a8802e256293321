import { CLOSE_CODE, type AuthError, type ErrorFrame } from '../protocol/index.js';
import { ERROR_TEXT } from '../protocol/errors.js';

/** A refusal that a client is told of; `ProtocolExceptionFilter` turns it into its frame and, where set, a close. */
export abstract class ProtocolError extends Error {
  /** Close the connection with this code after the frame. */
  readonly closeCode: number | undefined = undefined;

  /** What the client gets; undefined: nothing but the close. */
  abstract toFrame(timestamp: number): ErrorFrame | AuthError | undefined;
}

/** Refusals that leave the connection open and are told by an `error` frame. */
export class RequestError extends ProtocolError {
  constructor(
    message: string,
    /** The chat message that is refused. */
    private readonly messageId?: string,
  ) {
    super(message);
  }

  override toFrame(timestamp: number): ErrorFrame {
    return this.messageId === undefined
      ? { type: 'error', message: this.message, timestamp }
      : { type: 'error', message: this.message, messageId: this.messageId, timestamp };
  }
}

/** CONN-2 */
export class InvalidFormatError extends RequestError {
  constructor() {
    super(ERROR_TEXT.invalidFormat);
  }
}

/** LIMIT-1; `flooding` when the client went on regardless. */
export class RateLimitedError extends RequestError {
  override readonly closeCode: number | undefined;

  constructor(flooding: boolean, messageId?: string) {
    super(ERROR_TEXT.rateLimited, messageId);
    this.closeCode = flooding ? CLOSE_CODE.flooding : undefined;
  }
}

/** AUTH-3: the same for every reason. */
export class AuthenticationFailedError extends ProtocolError {
  override readonly closeCode: number = CLOSE_CODE.unauthorized;

  override toFrame(timestamp: number): AuthError {
    return { type: 'auth_error', message: 'Authentication failed', timestamp };
  }
}

/** AUTH-5 */
export class AuthenticationTimeoutError extends AuthenticationFailedError {
  override readonly closeCode = CLOSE_CODE.authTimeout;
}

/** AUTH-9: nobody could be asked whether the token is good, so it is not called bad. */
export class AuthenticationUnavailableError extends ProtocolError {
  override readonly closeCode = CLOSE_CODE.tryAgainLater;

  override toFrame(): undefined {
    return undefined;
  }
}
