import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Connection } from '../socket/connection.js';
import { Refusal } from '../socket/protocol-error.js';
import type { Session } from '../socket/session.js';

/** For gateways: has this connection shown a good token? (AUTH-4) */
@Injectable()
export class JwtAuthGuard implements CanActivate {
  private readonly refusal = new Refusal('not_authenticated');

  canActivate(context: ExecutionContext): boolean {
    if (!context.getArgByIndex<Connection>(0).session) throw this.refusal;
    return true;
  }
}

/** A connection behind this guard. */
export type AuthenticatedConnection = Connection & { session: Session };
