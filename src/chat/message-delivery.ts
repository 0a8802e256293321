import { Injectable } from '@nestjs/common';
import { ERROR_TEXT } from '../protocol/errors.js';
import type { MessageSent, NewMessage } from '../protocol/index.js';
import type { LiveRoom } from '../rooms/live-room.js';
import { encodeFrame } from '../socket/frame-encoder.js';
import { RequestError } from '../socket/protocol-error.js';
import { ProtocolExceptionFilter } from '../socket/protocol-exception.filter.js';
import { ChatMetrics } from './chat-metrics.js';
import { messageView } from './message-view.js';
import type { StoredMessage } from './message.repository.js';
import type { PendingMessage } from './pending-message.js';

/** Tells senders what became of their messages, and members of the messages (CHAT-1). */
@Injectable()
export class MessageDelivery {
  constructor(
    private readonly filter: ProtocolExceptionFilter,
    private readonly metrics: ChatMetrics,
  ) {}

  /**
   * A batch is committed. First the acknowledgements, then each room's messages, encoded once and joined.
   *
   * @param ids of the rows, in the batch's order; undefined where the message was there before
   * @returns the messages that were there before, still to be answered
   */
  stored(batch: readonly PendingMessage[], ids: readonly (number | undefined)[], createdAt: Date): PendingMessage[] {
    const duplicates: PendingMessage[] = [];
    const byRoom = new Map<LiveRoom, Buffer[]>();
    const timestamp = createdAt.getTime();
    for (const [i, message] of batch.entries()) {
      const id = ids[i];
      if (id === undefined) {
        duplicates.push(message);
        continue;
      }
      this.acknowledge(message, timestamp);
      const frame = encodeFrame(newMessage(message, id, createdAt));
      const frames = byRoom.get(message.room);
      if (frames) frames.push(frame);
      else byRoom.set(message.room, [frame]);
    }
    for (const [room, frames] of byRoom) this.broadcast(room, frames);
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

  private acknowledge({ connection, slug, room, takenAt }: PendingMessage, timestamp: number): void {
    connection.unsettled -= 1;
    this.metrics.ackLatency.observe((performance.now() - takenAt) / 1_000);
    connection.send({ type: 'message_sent', messageId: slug, timestamp, roomSlug: room.slug } satisfies MessageSent);
  }

  private refuse({ connection, slug }: PendingMessage): void {
    connection.unsettled -= 1;
    this.metrics.refused += 1;
    this.filter.reply(connection, new RequestError(ERROR_TEXT.sendFailed, slug));
  }

  private broadcast(room: LiveRoom, frames: readonly Buffer[]): void {
    const joined = frames.length === 1 ? (frames[0] as Buffer) : Buffer.concat(frames);
    for (const connection of room.seats.keys()) connection.sendEncoded(joined, frames.length);
    this.metrics.deliveries += frames.length * room.seats.size;
  }
}

function newMessage({ user, room, slug, text }: PendingMessage, id: number, createdAt: Date): NewMessage {
  const stored = { id, userId: user.id, slug, messageType: 'TEXT', message: text, createdAt };
  return {
    type: 'new_message',
    data: messageView(stored, room.slug, user.username),
    roomSlug: room.slug,
    timestamp: createdAt.getTime(),
  };
}
