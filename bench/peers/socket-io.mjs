/** Socket.IO as its documentation shows it: a middleware for the token, rooms, and an acknowledgement callback. */
import { createServer } from 'node:http';
import process from 'node:process';
import { Server } from 'socket.io';
import * as frames from './frames.mjs';
import { openStorage } from './storage.mjs';
import { verifyToken } from './tokens.mjs';

const storage = openStorage();
/** @type {Map<string, number>} */
const roomIds = new Map();
let lastId = 0;

const httpServer = createServer();
const io = new Server(httpServer, {
  transports: ['websocket'],
  serveClient: false,
  perMessageDeflate: false,
  maxHttpBufferSize: 65_536,
});

io.use(async (socket, next) => {
  try {
    const claimed = verifyToken(socket.handshake.auth.token);
    socket.data.user = storage ? await storage.findUser(claimed.id) : claimed;
    next(socket.data.user ? undefined : new Error('Authentication failed'));
  } catch {
    next(new Error('Authentication failed'));
  }
});

io.on('connection', (socket) => {
  const { user } = socket.data;
  emit(socket, frames.authSuccess(user));

  socket.on('join_room', async ({ roomSlug }) => {
    if (typeof roomSlug !== 'string') return emit(socket, frames.error('Invalid message format'));
    if (storage) roomIds.set(roomSlug, await storage.openRoom(roomSlug));
    await socket.join(roomSlug);
    emit(socket, frames.roomJoined(roomSlug, io.of('/').adapter.rooms.get(roomSlug)?.size ?? 0));
    emit(socket.to(roomSlug), frames.userJoined(user, roomSlug));
  });

  socket.on('chat_message', async (frame, callback) => {
    if (!frames.isChat(frame) || !socket.rooms.has(frame.roomSlug)) {
      return emit(socket, frames.error('Failed to send message'));
    }
    const createdAt = new Date();
    let id;
    try {
      const roomId = roomIds.get(frame.roomSlug) ?? 0;
      id = storage ? await storage.insertMessage(roomId, user.id, frame.messageId, frame.message) : ++lastId;
    } catch {
      return emit(socket, frames.error('Failed to send message'));
    }
    callback(frames.messageSent(frame, createdAt));
    emit(io.to(frame.roomSlug), frames.newMessage(user, frame, id, createdAt));
  });
});

httpServer.listen(Number(process.env.PORT), '127.0.0.1');

/** The type is the event's name. @param {{ emit(event: string, data: object): unknown }} target @param {any} frame */
function emit(target, { type, ...data }) {
  target.emit(type, data);
}
