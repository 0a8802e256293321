import { ForbiddenException, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { AuthenticatedRequest } from './bearer.guard.js';

/** For HTTP, behind `BearerGuard`: 403 for everyone without the role `admin` (STAT-2). */
@Injectable()
export class AdminGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    if (context.switchToHttp().getRequest<AuthenticatedRequest>().user.role !== 'admin') throw new ForbiddenException();
    return true;
  }
}
