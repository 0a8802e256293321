/**
 * How Milonga's frames are spelled: as they are, and inside Socket.IO's packets. What a frame is, is told by one byte
 * or two at fixed places: that is what keeps this process cheaper than any server it drives.
 */

/** What a frame from the server is, as far as the generator cares. */
export const KIND = {
  other: 0,
  newMessage: 1,
  ack: 2,
  error: 3,
  authenticated: 4,
  joined: 5,
  userJoined: 6,
  opened: 7,
  ping: 8,
};

/** Bytes of a frame's text that `classify` looks at. */
export const PROBE_BYTES = 15;

/**
 * @typedef {object} Dialect
 * @property {string} path of the upgrade
 * @property {boolean} greets whether the server speaks first
 * @property {(token: string) => string} auth
 * @property {(roomSlug: string) => string} join
 * @property {(roomSlug: string, message: string, messageId: string) => string} chat
 * @property {string} pong the answer to `KIND.ping`
 * @property {(buffer: Buffer, at: number) => number} classify the frame whose text begins at `at`
 */

const code = (/** @type {string} */ letter) => letter.charCodeAt(0);
const [A, E, J, M, N, R, S, U] = [...'aejmnrsu'].map(code);
const [ZERO, TWO, THREE, FOUR] = [...'0234'].map(code);

/** `{"type":"new_message",…`: the name begins at 9. */
const NAME_IN_JSON = 9;
/** `42["new_message",…`: the name begins at 4. */
const NAME_IN_PACKET = 4;

/** @param {Buffer} buffer @param {number} at where a frame's name begins */
function kindOfName(buffer, at) {
  switch (buffer[at]) {
    case N:
      return KIND.newMessage;
    case M:
      return KIND.ack;
    case E:
      return KIND.error;
    case A: // auth_success, auth_error
      return buffer[at + 5] === S ? KIND.authenticated : KIND.error;
    case R: // room_joined, room_left
      return buffer[at + 5] === J ? KIND.joined : KIND.other;
    case U: // user_joined, user_left
      return buffer[at + 5] === J ? KIND.userJoined : KIND.other;
    default:
      return KIND.other;
  }
}

/** @type {Dialect} */
const plain = {
  path: '/',
  greets: false,
  auth: (token) => JSON.stringify({ type: 'auth', token }),
  join: (roomSlug) => JSON.stringify({ type: 'join_room', roomSlug }),
  chat: (roomSlug, message, messageId) => JSON.stringify({ type: 'chat_message', roomSlug, message, messageId }),
  pong: JSON.stringify({ type: 'pong' }),
  classify: (buffer, at) => kindOfName(buffer, at + NAME_IN_JSON),
};

/** Engine.IO 4 and Socket.IO 5, text packets over one WebSocket. @type {Dialect} */
const socketIo = {
  path: '/socket.io/?EIO=4&transport=websocket',
  greets: true,
  auth: (token) => `40${JSON.stringify({ token })}`,
  join: (roomSlug) => `42${JSON.stringify(['join_room', { roomSlug }])}`,
  chat: (roomSlug, message, messageId) => `421${JSON.stringify(['chat_message', { roomSlug, message, messageId }])}`,
  pong: '3',
  classify(buffer, at) {
    if (buffer[at] === ZERO) return KIND.opened;
    if (buffer[at] === TWO) return KIND.ping;
    if (buffer[at] !== FOUR) return KIND.other;
    switch (buffer[at + 1]) {
      case TWO:
        return kindOfName(buffer, at + NAME_IN_PACKET);
      case THREE:
        return KIND.ack;
      case FOUR:
        return KIND.error;
      default:
        return KIND.other;
    }
  },
};

/** @type {Record<string, Dialect>} */
export const DIALECTS = { plain, socketIo };
