import { CLOSE_CODE, type AuthError, type ErrorFrame } from '../protocol/index.js';
import { ERROR_TEXT } from '../protocol/errors.js';

/** When to try again what the database could not be asked, in milliseconds (V2-3). */
const STORAGE_RETRY_MS = 1_000;

/** What protocol 2 adds to an `error` frame (V2-3). */
export type ErrorExtras = Pick<ErrorFrame, 'code' | 'retryAfterMs'>;

/** A refusal that a client is told of; `ProtocolExceptionFilter` turns it into its frame and, where set, a close. */
export abstract class ProtocolError extends Error {
  /** Close the connection with this code after the frame. */
  readonly closeCode: number | undefined = undefined;
  readonly extras: ErrorExtras = {};

  /** What the client gets; undefined: nothing but the close. */
  abstract toFrame(timestamp: number): ErrorFrame | AuthError | undefined;
}

/** Refusals that leave the connection open and are told by an `error` frame. */
export class RequestError extends ProtocolError {
  override readonly extras: ErrorExtras;
  private readonly messageId: string | undefined;

  /** @param details the `code` is `forbidden` where none is given; `messageId` is the chat message that is refused */
  constructor(message: string, details: ErrorExtras & { readonly messageId?: string | undefined } = {}) {
    super(message);
    const { code = 'forbidden', messageId, retryAfterMs } = details;
    this.extras = { code, retryAfterMs: code === 'storage_unavailable' ? STORAGE_RETRY_MS : retryAfterMs };
    this.messageId = messageId;
  }

  override toFrame(timestamp: number): ErrorFrame {
    return this.messageId === undefined
      ? { type: 'error', message: this.message, timestamp }
      : { type: 'error', message: this.message, messageId: this.messageId, timestamp };
  }
}

/** A refusal of the protocol's own, of anything but a chat message. */
export class Refusal extends RequestError {
  constructor(code: keyof typeof ERROR_TEXT) {
    super(ERROR_TEXT[code], { code });
  }
}

/** CONN-2 */
export class InvalidFormatError extends Refusal {
  constructor() {
    super('invalid_format');
  }
}

/** LIMIT-1; `isFlooding` when the client went on regardless. */
export class RateLimitedError extends RequestError {
  override readonly closeCode: number | undefined;

  /** @param retryAfterMs until there are tokens enough */
  constructor(isFlooding: boolean, retryAfterMs: number, messageId?: string) {
    super(ERROR_TEXT.rate_limited, { code: 'rate_limited', retryAfterMs, messageId });
    this.closeCode = isFlooding ? CLOSE_CODE.flooding : undefined;
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
