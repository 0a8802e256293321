import { Catch, Injectable, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { WsException } from '@nestjs/websockets';
import { ERROR_TEXT } from '../protocol/errors.js';
import type { Connection } from './connection.js';
import { ProtocolError, RequestError } from './protocol-error.js';

/**
 * The one way out for everything that goes wrong with a frame: the client gets the contract's shape, and nothing
 * internal (LIMIT-4). What is not a refusal is a fault of ours and goes to the log.
 */
@Catch()
@Injectable()
export class ProtocolExceptionFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProtocolExceptionFilter.name);

  catch(exception: unknown, host: ArgumentsHost): void {
    this.reply(host.switchToWs().getClient<Connection>(), exception);
  }

  /** The same for what fails after its frame was handled, as a commit can. */
  reply(connection: Connection, exception: unknown): void {
    const refusal = this.asRefusal(exception);
    const frame = refusal.toFrame(Date.now());
    if (frame) connection.send(frame);
    if (refusal.closeCode !== undefined) connection.close(refusal.closeCode);
  }

  private asRefusal(exception: unknown): ProtocolError {
    if (exception instanceof ProtocolError) return exception;
    if (exception instanceof WsException) return new RequestError(exception.message);
    this.logger.error(exception instanceof Error ? (exception.stack ?? exception.message) : String(exception));
    return new RequestError(ERROR_TEXT.internal);
  }
}
