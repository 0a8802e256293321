import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { withDeadline } from '../batching/with-deadline.js';
import { MILONGA_OPTIONS, type MilongaOptions } from '../config/options.js';
import type { ChatMessage } from '../protocol/chat.js';
import type { MessageSent, SendFailure } from '../protocol/index.js';
import { LiveRooms } from '../rooms/live-rooms.js';
import { isMuted } from '../rooms/live-room.js';
import { TypingService } from '../rooms/typing.service.js';
import type { Connection } from '../socket/connection.js';
import type { Session } from '../socket/session.js';
import { cleanText, isHopelesslyLong, isLongerThan } from './clean-text.js';
import { MessageWriter } from './message-writer.js';
import { MessageRepository } from './message.repository.js';
import { SendFailedError } from './send-failed-error.js';

/** P10: sends are refused within 2 s while the database is away. */
const LOOK_UP_DEADLINE_MS = 1_500;

/** Takes chat messages in (CHAT-1 to CHAT-7). */
@Injectable()
export class ChatService {
  /** Makes this process's message ids its own. */
  private readonly origin = randomBytes(6).toString('base64url');
  private madeIds = 0;

  constructor(
    @Inject(MILONGA_OPTIONS) private readonly options: MilongaOptions,
    private readonly liveRooms: LiveRooms,
    private readonly writer: MessageWriter,
    private readonly repository: MessageRepository,
    private readonly typing: TypingService,
  ) {}

  /**
   * Queues a message for the next commit; `MessageDelivery` answers it then.
   *
   * @returns an answer only where the message cannot be queued but was stored before
   * @throws SendFailedError
   */
  send(connection: Connection, { user }: Session, chat: ChatMessage): Promise<MessageSent> | undefined {
    const most = this.options.limits.maxMessageLength;
    if (isHopelesslyLong(chat.message, most)) throw new SendFailedError('message_too_long', chat.messageId);
    const text = cleanText(chat.message);
    if (text === '') throw new SendFailedError('message_empty', chat.messageId);
    if (isLongerThan(text, most)) throw new SendFailedError('message_too_long', chat.messageId);
    const room = this.liveRooms.get(chat.roomSlug);
    const seat = room?.seats.get(connection);
    if (!room || !seat) return this.findSent(user.id, chat, text, 'not_in_room');
    if (isMuted(seat)) return this.findSent(user.id, chat, text, 'muted');
    const slug = chat.messageId ?? this.makeId(user.id);
    const { requestId } = chat;
    const message = { connection, user, room, slug, text, requestId, takenAt: performance.now() };
    if (!this.writer.enqueue(message)) throw new SendFailedError('storage_unavailable', chat.messageId);
    connection.unsettled += 1;
    this.typing.ended(room, user);
    return undefined;
  }

  /** CHAT-4 holds for ever: a message that was acknowledged once is so again, whatever its author may do now. */
  private async findSent(userId: number, chat: ChatMessage, text: string, why: SendFailure): Promise<MessageSent> {
    const { roomSlug, messageId } = chat;
    if (messageId === undefined) throw new SendFailedError(why, messageId);
    const stored = this.repository.findOwn(roomSlug, userId, messageId);
    const original = await withDeadline(stored, LOOK_UP_DEADLINE_MS).catch(() => {
      throw new SendFailedError('storage_unavailable', messageId);
    });
    if (!original) throw new SendFailedError(why, messageId);
    if (original.message !== text) throw new SendFailedError('message_conflict', messageId);
    return { type: 'message_sent', messageId, timestamp: original.createdAt.getTime(), roomSlug };
  }

  private makeId(userId: number): string {
    this.madeIds += 1;
    const seconds = Math.floor(Date.now() / 1_000);
    return `msg_${String(seconds)}_${String(userId)}_${this.origin}${this.madeIds.toString(36)}`;
  }
}
