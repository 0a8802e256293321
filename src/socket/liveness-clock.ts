import { Injectable } from '@nestjs/common';

/**
 * The time by which silence is measured, in milliseconds. It is moved by the heartbeat's own ticks and stands
 * still while the process does, so that a server that was stalled does not count its own silence against its
 * clients (BEAT-2); and it knows no wall clock, so a clock that jumps disconnects nobody.
 */
@Injectable()
export class LivenessClock {
  private elapsed = 0;

  get now(): number {
    return this.elapsed;
  }

  advance(milliseconds: number): void {
    this.elapsed += milliseconds;
  }
}
