import { Injectable } from '@nestjs/common';

/** How connections came and went since the start of the process, read by `/metrics`. */
@Injectable()
export class ConnectionMetrics {
  opened = 0;
  left = 0;
  dropped = 0;
}
