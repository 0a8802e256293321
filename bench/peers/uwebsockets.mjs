/** uWebSockets.js on its fast path: rooms are topics, and `publish` fans out in C++. */
import { Buffer } from 'node:buffer';
import { createRequire } from 'node:module';
import process from 'node:process';
import * as frames from './frames.mjs';
import { openStorage } from './storage.mjs';
import { verifyToken } from './tokens.mjs';

// The binary itself: the package's entry falls back to a slow imitation in JavaScript where no binary fits.
const binary = `uws_${process.platform}_${process.arch}_${process.versions.modules}.node`;
const uws = createRequire(import.meta.url)(`@trufflesuite/uws-js-unofficial/binaries/${binary}`);

/** @typedef {import('./tokens.mjs').User} User */
/** @typedef {{ user?: User, rooms: Set<string>, isClosed: boolean }} State */

const storage = openStorage();
/** @type {Map<string, number>} */
const roomIds = new Map();
let lastId = 0;

const app = uws.App();
app.ws('/*', {
  compression: uws.DISABLED,
  maxPayloadLength: 65_536,
  // Beyond it a message is dropped without a word; Milonga's limit is per connection too.
  maxBackpressure: 1_048_576,
  idleTimeout: 90,
  upgrade(/** @type {any} */ response, /** @type {any} */ request, /** @type {any} */ context) {
    response.upgrade(
      { rooms: new Set(), isClosed: false },
      request.getHeader('sec-websocket-key'),
      request.getHeader('sec-websocket-protocol'),
      request.getHeader('sec-websocket-extensions'),
      context,
    );
  },
  message(/** @type {any} */ ws, /** @type {ArrayBuffer} */ data) {
    const state = ws.getUserData();
    // The bytes are only valid during this call.
    const frame = JSON.parse(Buffer.from(data).toString());
    handle(ws, state, frame)?.catch(() => send(ws, state, frames.error('Failed')));
  },
  close(/** @type {any} */ ws) {
    ws.getUserData().isClosed = true;
  },
});

app.listen('127.0.0.1', Number(process.env.PORT), (/** @type {unknown} */ token) => {
  if (!token) throw new Error('The port is taken');
});

/** @param {any} ws @param {State} state @param {any} frame @returns {Promise<void> | undefined} */
function handle(ws, state, frame) {
  const { user } = state;
  if (frame.type === 'auth') return authenticate(ws, state, frame);
  if (!user) send(ws, state, frames.error('Not authenticated'));
  else if (frame.type === 'join_room') return join(ws, state, user, frame);
  else if (frame.type === 'chat_message') return chat(ws, state, user, frame);
  else send(ws, state, frames.error('Invalid message format'));
  return undefined;
}

/** @param {any} ws @param {State} state @param {{ token?: unknown }} frame */
async function authenticate(ws, state, { token }) {
  const claimed = verifyToken(token);
  state.user = storage ? await storage.findUser(claimed.id) : claimed;
  if (state.user) send(ws, state, frames.authSuccess(state.user));
  else if (!state.isClosed) ws.close();
}

/** @param {any} ws @param {State} state @param {User} user @param {{ roomSlug?: unknown }} frame */
async function join(ws, state, user, { roomSlug }) {
  if (typeof roomSlug !== 'string') return send(ws, state, frames.error('Invalid message format'));
  if (storage) roomIds.set(roomSlug, await storage.openRoom(roomSlug));
  if (state.isClosed) return undefined;
  ws.subscribe(roomSlug);
  state.rooms.add(roomSlug);
  send(ws, state, frames.roomJoined(roomSlug, app.numSubscribers(roomSlug)));
  // Published by a member: to all others.
  ws.publish(roomSlug, JSON.stringify(frames.userJoined(user, roomSlug)));
  return undefined;
}

/** @param {any} ws @param {State} state @param {User} user @param {object} frame @returns {Promise<void> | undefined} */
function chat(ws, state, user, frame) {
  if (!frames.isChat(frame) || !state.rooms.has(frame.roomSlug)) {
    send(ws, state, frames.error('Failed to send message'));
    return undefined;
  }
  const createdAt = new Date();
  const deliver = (/** @type {number} */ id) => {
    send(ws, state, frames.messageSent(frame, createdAt));
    app.publish(frame.roomSlug, JSON.stringify(frames.newMessage(user, frame, id, createdAt)));
  };
  if (storage) {
    const roomId = roomIds.get(frame.roomSlug) ?? 0;
    return storage.insertMessage(roomId, user.id, frame.messageId, frame.message).then(deliver);
  }
  deliver(++lastId);
  return undefined;
}

/** @param {any} ws @param {State} state @param {object} frame */
function send(ws, state, frame) {
  // A closed socket must not be touched: uWebSockets.js throws.
  if (!state.isClosed) ws.send(JSON.stringify(frame));
}
