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
