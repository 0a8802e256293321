import { isRoomSlug } from './room-slug.js';
import { readStored, store } from './stored.js';

/** Where a newcomer begins, and what is suggested to whoever left one of them. */
export const SUGGESTED_ROOMS: readonly string[] = ['general-chat', 'tango-tips', 'events-buenos-aires'];

const keyOf = (owner: string): string => `milonga.rooms.${owner}`;

/** The rooms that this person had on this browser the last time. */
export function loadMyRooms(owner: string): string[] {
  const kept = readStored(localStorage, keyOf(owner));
  return Array.isArray(kept) ? kept.filter(isRoomSlug) : [...SUGGESTED_ROOMS];
}

export function saveMyRooms(owner: string, slugs: readonly string[]): void {
  store(localStorage, keyOf(owner), slugs);
}
