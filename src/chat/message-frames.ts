import type { LiveRoom } from '../rooms/live-room.js';
import type { SessionUser } from '../socket/session.js';
import type { PendingMessage } from './pending-message.js';

/** A character that JSON escapes, or that may be one. */
const MAY_NEED_ESCAPE = /[^ !#-[\]-~]/;

/** What `new_message` says of an author, behind `"userSlug":"`. */
const authors = new WeakMap<SessionUser, string>();

/**
 * The JSON of the frames about messages of one room that were stored together. They are the hottest texts of all, so they
 * are put together by hand, and what they share once: each is what `JSON.stringify` makes of its type, to the byte.
 */
export class MessageTexts {
  private readonly room: string;
  private readonly newMessageEnd: string;
  private readonly messageSentEnd: string;

  constructor({ slug }: LiveRoom, createdAt: Date) {
    const milliseconds = createdAt.getTime();
    // A room's slug has no character that JSON would escape (ROOM-2).
    this.room = `,"chatRoomSlug":"${slug}","userSlug":"`;
    this.newMessageEnd = `,"createdAt":"${createdAt.toISOString()}"},"roomSlug":"${slug}","timestamp":${milliseconds}}`;
    this.messageSentEnd = `,"timestamp":${milliseconds},"roomSlug":"${slug}"`;
  }

  /** `new_message` (CHAT-2) */
  newMessage({ user, slug, text }: PendingMessage, id: number): string {
    return (
      `{"type":"new_message","data":{"id":${id},"slug":${quote(slug)}` +
      `${this.room}${authorOf(user)}${quote(text)}${this.newMessageEnd}`
    );
  }

  /** `message_sent` (CHAT-1) */
  messageSent({ slug, requestId }: PendingMessage): string {
    const echo = requestId === undefined ? '' : `,"requestId":${quote(requestId)}`;
    return `{"type":"message_sent","messageId":${quote(slug)}${this.messageSentEnd}${echo}}`;
  }
}

function authorOf(user: SessionUser): string {
  const known = authors.get(user);
  if (known !== undefined) return known;
  const author = `${user.id}","username":${quote(user.username)},"messageType":"TEXT","message":`;
  authors.set(user, author);
  return author;
}

/** What `JSON.stringify` makes of it, at half the cost for ordinary ASCII. */
function quote(text: string): string {
  return MAY_NEED_ESCAPE.test(text) ? JSON.stringify(text) : `"${text}"`;
}
