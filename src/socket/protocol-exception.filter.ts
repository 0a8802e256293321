import { Catch, Injectable, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { WsException } from '@nestjs/websockets';
import type { Connection } from './connection.js';
import { ProtocolError, Refusal, RequestError } from './protocol-error.js';

/**
 * The one way out for everything that goes wrong with a frame: the client gets the contract's shape, and nothing
 * internal (LIMIT-4). What is not a refusal is a fault of ours and goes to the log.
 */
@Catch()
@Injectable()
export class ProtocolExceptionFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProtocolExceptionFilter.name);

  catch(exception: unknown, host: ArgumentsHost): void {
    const [connection, , requestId] = host.getArgs<[Connection, object?, string?]>();
    this.reply(connection, exception, requestId);
  }

  /**
   * The same for what fails after its frame was handled, as a commit can.
   *
   * @param requestId of the frame that is refused (V2-2)
   */
  reply(connection: Connection, exception: unknown, requestId?: string): void {
    const refusal = this.asRefusal(exception);
    const frame = refusal.toFrame(Date.now());
    if (frame) connection.answer(connection.protocol === 1 ? frame : { ...frame, ...refusal.extras }, requestId);
    if (refusal.closeCode !== undefined) connection.close(refusal.closeCode);
  }

  private asRefusal(exception: unknown): ProtocolError {
    if (exception instanceof ProtocolError) return exception;
    if (exception instanceof WsException) return new RequestError(exception.message);
    this.logger.error(exception instanceof Error ? (exception.stack ?? exception.message) : String(exception));
    return new Refusal('internal');
  }
}
