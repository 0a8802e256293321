import { SEND_FAILED, type SendFailure } from '../protocol/errors.js';
import { RequestError } from '../socket/protocol-error.js';

/** CHAT-6: a chat message is refused; nothing of it is stored, nobody sees it. */
export class SendFailedError extends RequestError {
  constructor(code: SendFailure, messageId: string | undefined) {
    super(SEND_FAILED, { code, messageId });
  }
}
