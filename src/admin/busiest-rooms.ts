import type { RoomView } from './overview.js';

/** Of each kind. */
const COUNT = 10;

/** The rooms with the most users and those with the most messages, most users first. */
export function busiestRooms(rooms: readonly RoomView[]): RoomView[] {
  const byUsers = [...rooms].sort(moreUsers);
  const byMessages = rooms.filter(({ messagesPerSecond }) => (messagesPerSecond ?? 0) > 0).sort(moreMessages);
  return [...new Set([...byUsers.slice(0, COUNT), ...byMessages.slice(0, COUNT)])].sort(moreUsers);
}

function moreUsers(a: RoomView, b: RoomView): number {
  return b.userCount - a.userCount || moreMessages(a, b) || (a.slug < b.slug ? -1 : 1);
}

function moreMessages(a: RoomView, b: RoomView): number {
  return (b.messagesPerSecond ?? 0) - (a.messagesPerSecond ?? 0);
}
