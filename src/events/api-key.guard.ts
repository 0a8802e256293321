import { createHash, timingSafeEqual } from 'node:crypto';
import {
  Inject,
  Injectable,
  NotFoundException,
  UnauthorizedException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import type { Request } from 'express';
import { SERVER_OPTIONS, type ServerOptions } from '../config/options.js';

/** `X-API-Key` of another service: 404 where none is configured, 401 for any but the right one. */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  constructor(@Inject(SERVER_OPTIONS) private readonly options: Pick<ServerOptions, 'apiKey'>) {}

  canActivate(context: ExecutionContext): boolean {
    if (this.options.apiKey === undefined) throw new NotFoundException();
    const given = context.switchToHttp().getRequest<Request>().header('x-api-key') ?? '';
    if (!timingSafeEqual(digest(given), digest(this.options.apiKey))) throw new UnauthorizedException();
    return true;
  }
}

/** Of one length for every key, so that comparing takes one time. */
function digest(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
