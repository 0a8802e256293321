import { Injectable } from '@nestjs/common';
import { UserDirectory } from '../auth/user-directory.js';
import { withDeadline } from '../batching/with-deadline.js';
import type { MessageView, NewMessage } from '../protocol/index.js';
import type { StoredMessage } from './message.repository.js';

/** How long the directory may take before it counts as away. */
const DEADLINE_MS = 5_000;

/** Stored messages as members see them (CHAT-2), with their authors' names of today. */
@Injectable()
export class MessageViews {
  constructor(private readonly users: UserDirectory) {}

  /**
   * @returns in the order of `messages`
   * @throws whatever the directory throws; `DeadlineError` when it does not answer
   */
  async of(messages: readonly StoredMessage[], roomSlug: string): Promise<MessageView[]> {
    const authorIds = [...new Set(messages.map(({ userId }) => userId))];
    const authors = await withDeadline(this.users.findByIds(authorIds), DEADLINE_MS);
    const names = new Map(authors.map(({ id, username }) => [id, username]));
    return messages.map((message) => messageView(message, roomSlug, names.get(message.userId) ?? ''));
  }
}

/** The JSON of the `new_message` frames of stored messages: the same bytes as when they were live (CHAT-1). */
export function newMessageTexts(views: readonly MessageView[]): string[] {
  return views.map((data) => {
    const { chatRoomSlug: roomSlug, createdAt } = data;
    const frame: NewMessage = { type: 'new_message', data, roomSlug, timestamp: Date.parse(createdAt) };
    return JSON.stringify(frame);
  });
}

/** A stored message as members see it (CHAT-2), live and in the history alike. */
export function messageView(message: StoredMessage, roomSlug: string, username: string): MessageView {
  return {
    id: message.id,
    slug: message.slug,
    chatRoomSlug: roomSlug,
    userSlug: String(message.userId),
    username,
    messageType: message.messageType,
    message: message.message,
    createdAt: message.createdAt.toISOString(),
  };
}
