import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Connection } from '../socket/connection.js';
import { AuthenticationFailedError } from '../socket/protocol-error.js';

/** For gateways, behind `JwtAuthGuard`: is the user still active? (AUTH-8) */
@Injectable()
export class ActiveUserGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    if (!context.getArgByIndex<Connection>(0).session?.isActive) throw new AuthenticationFailedError();
    return true;
  }
}
