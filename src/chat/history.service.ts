import { Injectable } from '@nestjs/common';
import type { MessageView } from '../protocol/index.js';
import { RoomAccessLookup, mayEnter } from '../rooms/room-access.js';
import { MessageViews } from './message-views.js';
import { MessageRepository } from './message.repository.js';

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
  constructor(
    private readonly access: RoomAccessLookup,
    private readonly messages: MessageRepository,
    private readonly views: MessageViews,
  ) {}

  /** @returns undefined for a room that is missing or closed to the user: nothing tells the two apart (ROOM-4) */
  async page(roomSlug: string, userId: number, request: HistoryRequest): Promise<History | undefined> {
    const access = await this.access.find(roomSlug, userId);
    if (!access || !mayEnter(access)) return undefined;
    const { messages, hasMore } = await this.messages.page({ roomId: access.roomId, ...request });
    return { messages: await this.views.of(messages, roomSlug), hasMore };
  }
}
