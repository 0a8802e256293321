/** The browser's side of Milonga, and Node's: a connection that comes back, rooms without holes, sends that are not lost. */
export type { MessageView, RoomMember, RoomVisitor, UserView } from '../protocol/index.js';
export type { ConnectionOptions as MilongaClientOptions } from './connection.js';
export type { ConnectionState, OfflineReason } from './connection-state.js';
export { MilongaError } from './errors.js';
export type { UserEvent } from './frames.js';
export type { WebSocketConstructor, WebSocketLike } from './link.js';
export { MilongaClient } from './milonga-client.js';
export type { OutgoingMessage, Receipt } from './outbox.js';
export type { History, HistoryQuery, Members, Room, RoomEvents, RoomState, SendOptions } from './room.js';
