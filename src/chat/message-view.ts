import type { MessageView } from '../protocol/index.js';
import type { StoredMessage } from './message.repository.js';

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
