import { Controller, Get, Inject, Req } from '@nestjs/common';
import type { Request } from 'express';
import { MILONGA_OPTIONS, type MilongaOptions } from '../config/options.js';

/** What the pages must know of the server. */
@Controller('config.json')
export class PageConfigController {
  constructor(@Inject(MILONGA_OPTIONS) private readonly options: MilongaOptions) {}

  /** The address of the socket: `WEBSOCKET_URL`, else the host that the page itself came from. */
  @Get()
  get(@Req() request: Request): { websocketUrl: string } {
    const scheme = request.protocol === 'https' ? 'wss' : 'ws';
    return { websocketUrl: this.options.handshake.publicUrl ?? `${scheme}://${request.get('host') ?? ''}/ws` };
  }
}
