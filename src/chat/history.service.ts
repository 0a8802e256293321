import { Injectable, Logger } from '@nestjs/common';
import { withDeadline } from '../batching/with-deadline.js';
import { DEFAULT_PAGE, MAX_PAGE, type HistoryMessage } from '../protocol/history.js';
import type { HistoryPage, MessageView } from '../protocol/index.js';
import { RoomAccessLookup, mayEnter } from '../rooms/room-access.js';
import { Refusal } from '../socket/protocol-error.js';
import { MessageViews } from './message-views.js';
import { MessageRepository } from './message.repository.js';

/** How long a client's frames may have to wait for a page. */
const DEADLINE_MS = 5_000;

export interface HistoryRequest {
  /** Only messages with a lower id: the newest of them. */
  readonly before?: number | undefined;
  /** Only messages with a higher id: the oldest of them. */
  readonly after?: number | undefined;
  readonly limit: number;
}

export interface History {
  /** Oldest first. */
  readonly messages: MessageView[];
  /** Whether there are more in the direction asked for. */
  readonly hasMore: boolean;
}

/** Pages through what was said in a room. */
@Injectable()
export class HistoryService {
  private readonly logger = new Logger(HistoryService.name);

  constructor(
    private readonly access: RoomAccessLookup,
    private readonly messages: MessageRepository,
    private readonly views: MessageViews,
  ) {}

  /**
   * RES-3.
   *
   * @throws Refusal `room_forbidden`, `storage_unavailable`
   */
  async answer(
    userId: number,
    { roomSlug, before, after, limit = DEFAULT_PAGE }: HistoryMessage,
  ): Promise<HistoryPage> {
    const request = { before, after, limit: Math.min(limit, MAX_PAGE) };
    const page = await withDeadline(this.page(roomSlug, userId, request), DEADLINE_MS).catch((error: unknown) => {
      this.logger.warn(`Could not read the history of a room: ${String(error)}`);
      throw new Refusal('storage_unavailable');
    });
    if (!page) throw new Refusal('room_forbidden');
    return { type: 'history', roomSlug, ...page };
  }

  /** @returns undefined for a room that is missing or closed to the user: nothing tells the two apart (ROOM-4) */
  async page(roomSlug: string, userId: number, request: HistoryRequest): Promise<History | undefined> {
    const access = await this.access.find(roomSlug, userId);
    if (!access || !mayEnter(access)) return undefined;
    const { messages, hasMore } = await this.messages.page({ roomId: access.roomId, ...request });
    return { messages: await this.views.of(messages, roomSlug), hasMore };
  }
}
