/** ROOM-2 */
const ROOM_SLUG = /^[a-z0-9][a-z0-9_-]{0,63}$/;

export function isRoomSlug(value: unknown): value is string {
  return typeof value === 'string' && ROOM_SLUG.test(value);
}

/** What somebody typed, as a slug: "Milongas en París" becomes `milongas-en-paris`; '' when nothing is left of it. */
export function slugOf(typed: string): string {
  return typed
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/^[-_]+|-+$/g, '')
    .slice(0, 64);
}
