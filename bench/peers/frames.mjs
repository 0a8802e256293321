/** What every peer sends: the frames of Milonga's protocol, field for field. */

/** @typedef {import('./tokens.mjs').User} User */

/**
 * @typedef {object} Chat a valid chat_message
 * @property {string} roomSlug
 * @property {string} message
 * @property {string} messageId
 */

const MAX_MESSAGE_LENGTH = 4_000;

/** @param {User} user */
export function authSuccess({ id, username, name }) {
  const user = { id, username, name };
  return { type: 'auth_success', message: 'Authentication successful', user, timestamp: Date.now() };
}

/** @param {string} roomSlug @param {number} userCount */
export function roomJoined(roomSlug, userCount) {
  return { type: 'room_joined', roomSlug, message: `Joined room ${roomSlug}`, userCount, timestamp: Date.now() };
}

/** @param {User} user @param {string} roomSlug */
export function userJoined({ id, username }, roomSlug) {
  return { type: 'user_joined', data: { userId: id, username, roomSlug }, roomSlug, timestamp: Date.now() };
}

/** @param {Chat} chat @param {Date} createdAt */
export function messageSent({ messageId, roomSlug }, createdAt) {
  return { type: 'message_sent', messageId, timestamp: createdAt.getTime(), roomSlug };
}

/** @param {User} user @param {Chat} chat @param {number} id @param {Date} createdAt */
export function newMessage(user, { roomSlug, message, messageId }, id, createdAt) {
  return {
    type: 'new_message',
    data: {
      id,
      slug: messageId,
      chatRoomSlug: roomSlug,
      userSlug: String(user.id),
      username: user.username,
      messageType: 'TEXT',
      message,
      createdAt: createdAt.toISOString(),
    },
    roomSlug,
    timestamp: createdAt.getTime(),
  };
}

/** @param {string} message */
export function error(message) {
  return { type: 'error', message, timestamp: Date.now() };
}

/**
 * The least that a careful application checks.
 *
 * @param {any} frame
 * @returns {frame is Chat}
 */
export function isChat(frame) {
  return (
    typeof frame?.roomSlug === 'string' &&
    typeof frame.messageId === 'string' &&
    typeof frame.message === 'string' &&
    frame.message.trim() !== '' &&
    frame.message.length <= MAX_MESSAGE_LENGTH
  );
}
