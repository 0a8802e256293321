import { Controller, Get, Inject, Req } from '@nestjs/common';
import type { Request } from 'express';
import { MILONGA_OPTIONS, SERVER_OPTIONS, type MilongaOptions, type ServerOptions } from '../config/options.js';

/** What the pages must know of the server. */
@Controller('config.json')
export class PageConfigController {
  constructor(
    @Inject(MILONGA_OPTIONS) private readonly options: MilongaOptions,
    @Inject(SERVER_OPTIONS) private readonly server: Pick<ServerOptions, 'demoLogin'>,
  ) {}

  /** The address of the socket: `WEBSOCKET_URL`, else the host that the page itself came from; and whether names will do. */
  @Get()
  get(@Req() request: Request): { websocketUrl: string; demoLogin: boolean } {
    const scheme = request.protocol === 'https' ? 'wss' : 'ws';
    const websocketUrl = this.options.handshake.publicUrl ?? `${scheme}://${request.get('host') ?? ''}/ws`;
    return { websocketUrl, demoLogin: this.server.demoLogin };
  }
}
