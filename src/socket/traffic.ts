import { Injectable } from '@nestjs/common';

/**
 * What went through this process, counted since its start. Plain numbers: they are raised on the hottest
 * paths and read only when `/metrics` is asked.
 */
@Injectable()
export class Traffic {
  handshakesRefused = 0;
  framesIn = 0;
  framesOut = 0;
  bytesOut = 0;
  invalidFrames = 0;
  rateLimited = 0;
  slowClientsCut = 0;
  writesShed = 0;
  heartbeatTimeouts = 0;
}
