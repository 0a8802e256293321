/** What a client sends, as contract.md shows it. */
export const auth = (token: string) => ({ type: 'auth', token });
export const pong = () => ({ type: 'pong' });
export const joinRoom = (roomSlug: string) => ({ type: 'join_room', roomSlug });
export const leaveRoom = (roomSlug: string) => ({ type: 'leave_room', roomSlug });
export const chatMessage = (roomSlug: string, message: string, messageId?: string) => ({
  type: 'chat_message',
  roomSlug,
  message,
  ...(messageId === undefined ? {} : { messageId }),
});

/** What a client sends that speaks protocol 2. */
export const auth2 = (token: string) => ({ type: 'auth', token, protocol: 2 });
export const resumeRoom = (roomSlug: string, after: number) => ({ type: 'join_room', roomSlug, after });
export const history = (roomSlug: string, range: object = {}) => ({ type: 'history', roomSlug, ...range });
export const roomMembers = (roomSlug: string) => ({ type: 'room_members', roomSlug });
export const typing = (roomSlug: string, isTyping: unknown = true) => ({ type: 'typing', roomSlug, isTyping });
