import type { PendingMessage } from './pending-message.js';

/** A character that JSON escapes, or that may be one. */
const MAY_NEED_ESCAPE = /[^ !#-[\]-~]/;

/** When a batch was stored, in the two forms that frames have. */
export interface BatchTime {
  readonly iso: string;
  readonly milliseconds: number;
}

/**
 * The JSON of a `new_message` frame (CHAT-2), put together by hand because it is the hottest text of all: it is what
 * `JSON.stringify` makes of a `NewMessage`, to the byte.
 */
export function newMessageText({ user, room, slug, text }: PendingMessage, id: number, time: BatchTime): string {
  // A room's slug has no character that JSON would escape (ROOM-2).
  return (
    `{"type":"new_message","data":{"id":${id},"slug":${quote(slug)},"chatRoomSlug":"${room.slug}",` +
    `"userSlug":"${user.id}","username":${quote(user.username)},"messageType":"TEXT",` +
    `"message":${quote(text)},"createdAt":"${time.iso}"},` +
    `"roomSlug":"${room.slug}","timestamp":${time.milliseconds}}`
  );
}

/** The JSON of a `message_sent` frame (CHAT-1), likewise. */
export function messageSentText({ slug, room, requestId }: PendingMessage, milliseconds: number): string {
  const echo = requestId === undefined ? '' : `,"requestId":${quote(requestId)}`;
  return (
    `{"type":"message_sent","messageId":${quote(slug)},"timestamp":${milliseconds},` +
    `"roomSlug":"${room.slug}"${echo}}`
  );
}

/** What `JSON.stringify` makes of it, at half the cost for ordinary ASCII. */
function quote(text: string): string {
  return MAY_NEED_ESCAPE.test(text) ? JSON.stringify(text) : `"${text}"`;
}
