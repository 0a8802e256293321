import { Injectable, Logger } from '@nestjs/common';
import { SessionWatch } from '../auth/session-watch.js';
import type { Stats } from '../protocol/index.js';
import { StatsService } from '../stats/stats.service.js';
import { EventDelivery } from './event-delivery.js';
import { eventText } from './event-frame.js';
import { FollowerDirectory } from './follower-directory.js';

/**
 * What the rest of an application uses: inject it and tell connected users things.
 *
 * A call whose promise nobody awaits, as in the contract's samples, cannot end the process when it fails: failures are
 * logged as well as thrown.
 */
@Injectable()
export class SocketService {
  private readonly logger = new Logger(SocketService.name);

  constructor(
    private readonly delivery: EventDelivery,
    private readonly followers: FollowerDirectory,
    private readonly sessions: SessionWatch,
    private readonly stats: StatsService,
  ) {}

  /**
   * Sends `{type, data, timestamp}` to every connection of a user, on every node (EVENT-1).
   *
   * @param data anything that is JSON
   * @returns how many connections it was addressed to (EVENT-4); 0 when the user is not connected
   * @throws InvalidEventError for a type of the protocol's own (EVENT-3), or data that is not JSON
   */
  sendToUser(userId: number, type: string, data: unknown): Promise<number> {
    return this.loggingFailure(async () => this.delivery.deliver(eventText(type, data, Date.now()), [userId]));
  }

  /**
   * Sends `{type, data, timestamp}` to every connection of every follower of a user (EVENT-2), once each.
   *
   * @returns how many connections it was addressed to (EVENT-4)
   * @throws InvalidEventError as `sendToUser`; whatever the follower directory throws
   */
  broadcastToFollowers(userId: number, type: string, data: unknown): Promise<number> {
    return this.loggingFailure(async () => {
      const text = eventText(type, data, Date.now());
      return this.delivery.deliver(text, [...new Set(await this.followers.followerIdsOf(userId))]);
    });
  }

  /**
   * Cuts off every connection of a user with 4401, on every node, at once (AUTH-8).
   *
   * @returns how many there were
   */
  disconnectUser(userId: number): Promise<number> {
    return this.sessions.expelEverywhere(userId);
  }

  /** Who is here (STAT-1). */
  getStats(): Stats {
    return this.stats.snapshot();
  }

  private loggingFailure<T>(work: () => Promise<T>): Promise<T> {
    const result = work();
    result.catch((error: unknown) => this.logger.warn(String(error)));
    return result;
  }
}
