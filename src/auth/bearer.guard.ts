import {
  Inject,
  Injectable,
  ServiceUnavailableException,
  UnauthorizedException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import type { Request } from 'express';
import { MILONGA_OPTIONS, type MilongaOptions } from '../config/options.js';
import { clientAddress } from '../socket/client-address.js';
import { AuthenticationUnavailableError } from '../socket/protocol-error.js';
import { AuthService } from './auth.service.js';
import type { DirectoryUser } from './user-directory.js';

/** A request that `BearerGuard` let through. */
export interface AuthenticatedRequest extends Request {
  user: DirectoryUser;
}

const BEARER = /^Bearer +([^\s]+)$/i;

/** For HTTP: `Authorization: Bearer <JWT>` of an active user; 401 without, 503 when nobody can be asked. */
@Injectable()
export class BearerGuard implements CanActivate {
  constructor(
    private readonly auth: AuthService,
    @Inject(MILONGA_OPTIONS) private readonly options: MilongaOptions,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined) throw new UnauthorizedException();
    try {
      const address = clientAddress(request, this.options.handshake.trustProxy);
      request.user = await this.auth.identify(token, address);
    } catch (error) {
      throw error instanceof AuthenticationUnavailableError
        ? new ServiceUnavailableException()
        : new UnauthorizedException();
    }
    return true;
  }
}
