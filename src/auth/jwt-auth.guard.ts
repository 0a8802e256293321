import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ERROR_TEXT } from '../protocol/errors.js';
import type { Connection } from '../socket/connection.js';
import { RequestError } from '../socket/protocol-error.js';
import type { Session } from '../socket/session.js';

/** For gateways: has this connection shown a good token? (AUTH-4) */
@Injectable()
export class JwtAuthGuard implements CanActivate {
  private readonly refusal = new RequestError(ERROR_TEXT.notAuthenticated);

  canActivate(context: ExecutionContext): boolean {
    if (!context.getArgByIndex<Connection>(0).session) throw this.refusal;
    return true;
  }
}

/** A connection behind this guard. */
export type AuthenticatedConnection = Connection & { session: Session };
