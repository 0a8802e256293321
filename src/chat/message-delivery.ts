import { Injectable } from '@nestjs/common';
import type { SendFailure } from '../protocol/index.js';
import type { LiveRoom } from '../rooms/live-room.js';
import { encodeTextFrames } from '../socket/frame-encoder.js';
import { ProtocolExceptionFilter } from '../socket/protocol-exception.filter.js';
import { ChatMetrics } from './chat-metrics.js';
import { MessageTexts } from './message-frames.js';
import type { StoredBatch, StoredMessage } from './message.repository.js';
import type { PendingMessage } from './pending-message.js';
import { RoomFeed } from './room-feed.js';
import { segmentOf } from './segment.js';
import { SendFailedError } from './send-failed-error.js';

/** What a batch has for one room. */
interface RoomNews {
  readonly room: LiveRoom;
  readonly texts: MessageTexts;
  readonly ids: number[];
  /** The JSON of their `new_message` frames. */
  readonly newMessages: string[];
}

/** Tells senders what became of their messages, and members of the messages (CHAT-1). */
@Injectable()
export class MessageDelivery {
  constructor(
    private readonly filter: ProtocolExceptionFilter,
    private readonly metrics: ChatMetrics,
    private readonly feed: RoomFeed,
  ) {}

  /**
   * A batch is committed. First the acknowledgements, then each room's messages.
   *
   * @returns the messages that were there before, still to be answered
   */
  stored(batch: readonly PendingMessage[], { ids, heads }: StoredBatch, createdAt: Date): PendingMessage[] {
    const duplicates: PendingMessage[] = [];
    const byRoom = new Map<number, RoomNews>();
    for (const [i, message] of batch.entries()) {
      const id = ids[i];
      if (id === undefined) {
        duplicates.push(message);
        continue;
      }
      const { room } = message;
      const news = byRoom.get(room.id) ?? { room, texts: new MessageTexts(room, createdAt), ids: [], newMessages: [] };
      byRoom.set(room.id, news);
      this.acknowledge(message, news.texts);
      news.ids.push(id);
      news.newMessages.push(news.texts.newMessage(message, id));
    }
    for (const { room, ids: newIds, newMessages } of byRoom.values()) {
      this.feed.committed(room, segmentOf(heads.get(room.id) ?? 0, newIds, encodeTextFrames(newMessages)));
    }
    this.metrics.batchSize.observe(batch.length);
    this.metrics.messagesStored += batch.length - duplicates.length;
    return duplicates;
  }

  /** Messages that were there before are answered with the original, if they are the same (CHAT-4). */
  repeated(duplicates: readonly PendingMessage[], originals: readonly (StoredMessage | undefined)[]): void {
    for (const [i, message] of duplicates.entries()) {
      const original = originals[i];
      if (original?.message === message.text) {
        this.acknowledge(message, new MessageTexts(message.room, original.createdAt));
      } else {
        // One that is not there any more was revoked: sent again, it may well be stored.
        this.refuse(message, original ? 'message_conflict' : 'storage_unavailable');
      }
    }
  }

  /** CHAT-6 */
  refused(messages: readonly PendingMessage[], why: SendFailure): void {
    for (const message of messages) this.refuse(message, why);
  }

  private acknowledge(message: PendingMessage, texts: MessageTexts): void {
    const { connection, takenAt } = message;
    connection.unsettled -= 1;
    this.metrics.ackLatency.observe((performance.now() - takenAt) / 1_000);
    connection.sendText(texts.messageSent(message));
  }

  private refuse({ connection, slug, requestId }: PendingMessage, why: SendFailure): void {
    connection.unsettled -= 1;
    this.metrics.refused += 1;
    this.filter.reply(connection, new SendFailedError(why, slug), requestId);
  }
}
