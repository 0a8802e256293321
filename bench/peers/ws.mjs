/** Plain `ws`: a set of sockets for each room; a message is serialised once and sent to each member in a loop. */
import { Buffer } from 'node:buffer';
import process from 'node:process';
import { clearInterval, setInterval } from 'node:timers';
import { WebSocketServer } from 'ws';
import * as frames from './frames.mjs';
import { Rooms } from './rooms.mjs';
import { openStorage } from './storage.mjs';
import { verifyToken } from './tokens.mjs';

/** @typedef {import('ws').WebSocket & { user?: import('./tokens.mjs').User, isAlive?: boolean }} Socket */

const HEARTBEAT_MS = 30_000;

const storage = openStorage();
/** @type {Rooms<Socket>} */
const rooms = new Rooms();
let lastId = 0;

const server = new WebSocketServer({
  host: '127.0.0.1',
  port: Number(process.env.PORT),
  perMessageDeflate: false,
  maxPayload: 65_536,
});

server.on('connection', (/** @type {Socket} */ ws) => {
  ws.isAlive = true;
  ws.on('error', () => undefined);
  ws.on('pong', () => (ws.isAlive = true));
  ws.on('close', () => rooms.leaveAll(ws));
  ws.on('message', (data) => {
    handle(ws, data).catch(() => send(ws, frames.error('Failed')));
  });
});

const heartbeat = setInterval(() => {
  for (const client of server.clients) {
    const ws = /** @type {Socket} */ (client);
    if (ws.isAlive) ws.ping();
    else ws.terminate();
    ws.isAlive = false;
  }
}, HEARTBEAT_MS);
server.on('close', () => clearInterval(heartbeat));

/** @param {Socket} ws @param {import('ws').RawData} data */
async function handle(ws, data) {
  const frame = JSON.parse(data.toString());
  if (frame.type === 'auth') return authenticate(ws, frame);
  if (!ws.user) return send(ws, frames.error('Not authenticated'));
  if (frame.type === 'join_room') return join(ws, ws.user, frame);
  if (frame.type === 'chat_message') return chat(ws, ws.user, frame);
  return send(ws, frames.error('Invalid message format'));
}

/** @param {Socket} ws @param {{ token?: unknown }} frame */
async function authenticate(ws, { token }) {
  const claimed = verifyToken(token);
  ws.user = storage ? await storage.findUser(claimed.id) : claimed;
  if (ws.user) send(ws, frames.authSuccess(ws.user));
  else ws.close();
}

/** @param {Socket} ws @param {import('./tokens.mjs').User} user @param {{ roomSlug?: unknown }} frame */
async function join(ws, user, { roomSlug }) {
  if (typeof roomSlug !== 'string') return send(ws, frames.error('Invalid message format'));
  if (storage) rooms.ids.set(roomSlug, await storage.openRoom(roomSlug));
  const members = rooms.join(roomSlug, ws);
  send(ws, frames.roomJoined(roomSlug, members.size));
  broadcast(members, frames.userJoined(user, roomSlug), ws);
}

/** @param {Socket} ws @param {import('./tokens.mjs').User} user @param {object} frame */
async function chat(ws, user, frame) {
  if (!frames.isChat(frame)) return send(ws, frames.error('Invalid message format'));
  const members = rooms.membersFor(frame.roomSlug, ws);
  if (!members) return send(ws, frames.error('Failed to send message'));
  const createdAt = new Date();
  const roomId = rooms.ids.get(frame.roomSlug) ?? 0;
  const id = storage ? await storage.insertMessage(roomId, user.id, frame.messageId, frame.message) : ++lastId;
  send(ws, frames.messageSent(frame, createdAt));
  broadcast(members, frames.newMessage(user, frame, id, createdAt));
}

/** @param {Socket} ws @param {object} frame */
function send(ws, frame) {
  ws.send(JSON.stringify(frame));
}

/** @param {Set<Socket>} members @param {object} frame @param {Socket} [except] */
function broadcast(members, frame, except) {
  const data = Buffer.from(JSON.stringify(frame));
  for (const member of members) {
    if (member !== except && member.readyState === member.OPEN) member.send(data, { binary: false });
  }
}
