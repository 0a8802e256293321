import { Injectable } from '@nestjs/common';

/** What went over the bus since the start of the process, read by `/metrics`. */
@Injectable()
export class BusMetrics {
  published = 0;
  received = 0;
  /** Payloads on our channels that are not ours. */
  foreign = 0;
  /** Times that the bus was lost. */
  outages = 0;
  /** Messages that the database told of because no hint did. */
  gapsFilled = 0;
}
