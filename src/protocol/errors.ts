/** Server: something was refused. `messageId` stands only where a chat message was (CHAT-6, LIMIT-1). */
export interface ErrorFrame {
  type: 'error';
  message: string;
  messageId?: string;
  timestamp: number;
}

/** Every text that an `error` frame can carry. */
export const ERROR_TEXT = {
  /** CONN-2 */
  invalidFormat: 'Invalid message format',
  /** AUTH-4 */
  notAuthenticated: 'Not authenticated',
  /** AUTH-6 */
  alreadyAuthenticated: 'Already authenticated',
  /** ROOM-3, ROOM-4: says the same of a missing room and of a closed one. */
  roomForbidden: 'Room not found or access denied',
  /** ROOM-8 */
  tooManyRooms: 'Too many rooms',
  /** CHAT-6 */
  sendFailed: 'Failed to send message',
  /** LIMIT-1 */
  rateLimited: 'Rate limit exceeded',
  /** A guard of a host application's own gateway said no. */
  forbidden: 'Forbidden',
  /** The database cannot be asked just now. */
  unavailable: 'Service temporarily unavailable',
  /** A fault of the server's own (LIMIT-4: nothing else is told). */
  internal: 'Internal server error',
} as const;
