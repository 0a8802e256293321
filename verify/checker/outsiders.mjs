import { violation } from './violation.mjs';

/** @typedef {import('./view.mjs').View} View */
/** @typedef {import('./violation.mjs').Violation} Violation */

/**
 * P7: nothing reaches a connection that is not authenticated, and nothing of a room one that is not in it. A client is in
 * a room from its `join_room` to the answer to its `leave_room`; a private room is never one of those that it is not for.
 *
 * @param {View} view
 * @returns {Violation[]}
 */
export function checkOutsiders(view) {
  const rooms = new Map(view.setup.rooms.map((room) => [room.slug, room]));
  const astray = new Set(view.trespasses);
  return view.events.flatMap((event) => {
    if (!('client' in event) || !('room' in event)) return [];
    const { kind, client, room: slug } = event;
    if (kind !== 'seen' && kind !== 'user_joined' && kind !== 'user_left' && kind !== 'page' && kind !== 'joined') {
      return [];
    }
    const { user } = view.client(client);
    const session = view.sessionOf(event);
    const room = rooms.get(slug);
    const isForbidden = room?.isPrivate === true && !room.members.includes(user);
    if (isForbidden) return [violation('P7', `${client} may not enter ${slug} and got ${kind}`, event)];
    if (session.begin > event.at) return [violation('P7', `${client} is not authenticated and got ${kind}`, event)];
    if (kind === 'page' || kind === 'joined' || !astray.has(event)) return [];
    return [violation('P7', `${client} is not in ${slug} and got ${kind}`, event)];
  });
}
