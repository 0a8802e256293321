import { Injectable } from '@nestjs/common';
import { ERROR_TEXT } from '../protocol/errors.js';
import type { LiveRoom } from '../rooms/live-room.js';
import { LiveRooms } from '../rooms/live-rooms.js';
import { encodeTextFrames } from '../socket/frame-encoder.js';
import { RequestError } from '../socket/protocol-error.js';
import { ProtocolExceptionFilter } from '../socket/protocol-exception.filter.js';
import { ChatMetrics } from './chat-metrics.js';
import { messageSentText, newMessageText } from './message-frames.js';
import type { StoredMessage } from './message.repository.js';
import type { PendingMessage } from './pending-message.js';

/** Tells senders what became of their messages, and members of the messages (CHAT-1). */
@Injectable()
export class MessageDelivery {
  constructor(
    private readonly filter: ProtocolExceptionFilter,
    private readonly metrics: ChatMetrics,
    private readonly liveRooms: LiveRooms,
  ) {}

  /**
   * A batch is committed. First the acknowledgements, then each room's messages, encoded once and joined.
   *
   * @param ids of the rows, in the batch's order; undefined where the message was there before
   * @returns the messages that were there before, still to be answered
   */
  stored(batch: readonly PendingMessage[], ids: readonly (number | undefined)[], createdAt: Date): PendingMessage[] {
    const duplicates: PendingMessage[] = [];
    const byRoom = new Map<number, { room: LiveRoom; texts: string[] }>();
    const time = { iso: createdAt.toISOString(), milliseconds: createdAt.getTime() };
    for (const [i, message] of batch.entries()) {
      const id = ids[i];
      if (id === undefined) {
        duplicates.push(message);
        continue;
      }
      this.acknowledge(message, time.milliseconds);
      const text = newMessageText(message, id, time);
      const told = byRoom.get(message.room.id);
      if (told) told.texts.push(text);
      else byRoom.set(message.room.id, { room: message.room, texts: [text] });
    }
    for (const { room, texts } of byRoom.values()) this.broadcast(room, texts);
    this.metrics.batchSize.observe(batch.length);
    this.metrics.messagesStored += batch.length - duplicates.length;
    return duplicates;
  }

  /** Messages that were there before are answered with the original, if they are the same (CHAT-4). */
  repeated(duplicates: readonly PendingMessage[], originals: readonly (StoredMessage | undefined)[]): void {
    for (const [i, message] of duplicates.entries()) {
      const original = originals[i];
      if (original?.message === message.text) this.acknowledge(message, original.createdAt.getTime());
      else this.refuse(message);
    }
  }

  /** CHAT-6 */
  refused(messages: readonly PendingMessage[]): void {
    for (const message of messages) this.refuse(message);
  }

  private acknowledge(message: PendingMessage, milliseconds: number): void {
    const { connection, takenAt } = message;
    connection.unsettled -= 1;
    this.metrics.ackLatency.observe((performance.now() - takenAt) / 1_000);
    connection.sendEncoded(encodeTextFrames([messageSentText(message, milliseconds)]));
  }

  private refuse({ connection, slug }: PendingMessage): void {
    connection.unsettled -= 1;
    this.metrics.refused += 1;
    this.filter.reply(connection, new RequestError(ERROR_TEXT.sendFailed, slug));
  }

  /** To who is in the room now: since the messages were taken in it may have emptied, and filled anew (P5). */
  private broadcast({ id, slug }: LiveRoom, texts: readonly string[]): void {
    const room = this.liveRooms.get(slug);
    if (room?.id !== id) return;
    const encoded = encodeTextFrames(texts);
    for (const connection of room.seats.keys()) connection.sendEncoded(encoded, texts.length);
    this.metrics.deliveries += texts.length * room.seats.size;
  }
}
