import { Inject, Injectable } from '@nestjs/common';
import { MILONGA_OPTIONS, type MilongaOptions } from '../config/options.js';
import type { Connection } from '../socket/connection.js';
import { AuthenticationTimeoutError } from '../socket/protocol-error.js';
import { ProtocolExceptionFilter } from '../socket/protocol-exception.filter.js';

/** AUTH-5: a connection authenticates in time, or goes. */
@Injectable()
export class AuthDeadline {
  private readonly timers = new Map<Connection, NodeJS.Timeout>();

  constructor(
    @Inject(MILONGA_OPTIONS) private readonly options: MilongaOptions,
    private readonly filter: ProtocolExceptionFilter,
  ) {}

  start(connection: Connection): void {
    const expire = () => {
      this.timers.delete(connection);
      if (!connection.session) this.filter.reply(connection, new AuthenticationTimeoutError());
    };
    this.timers.set(connection, setTimeout(expire, this.options.authTimeoutMs).unref());
  }

  cancel(connection: Connection): void {
    clearTimeout(this.timers.get(connection));
    this.timers.delete(connection);
  }
}
