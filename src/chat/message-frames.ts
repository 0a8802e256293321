import type { PendingMessage } from './pending-message.js';

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
    `{"type":"new_message","data":{"id":${id},"slug":${JSON.stringify(slug)},"chatRoomSlug":"${room.slug}",` +
    `"userSlug":"${user.id}","username":${JSON.stringify(user.username)},"messageType":"TEXT",` +
    `"message":${JSON.stringify(text)},"createdAt":"${time.iso}"},` +
    `"roomSlug":"${room.slug}","timestamp":${time.milliseconds}}`
  );
}

/** The JSON of a `message_sent` frame (CHAT-1), likewise. */
export function messageSentText({ slug, room, requestId }: PendingMessage, milliseconds: number): string {
  const echo = requestId === undefined ? '' : `,"requestId":${JSON.stringify(requestId)}`;
  return (
    `{"type":"message_sent","messageId":${JSON.stringify(slug)},"timestamp":${milliseconds},` +
    `"roomSlug":"${room.slug}"${echo}}`
  );
}
