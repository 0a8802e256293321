/** @typedef {import('../history/events.mjs').Role} Role */

/**
 * Who takes part, and where: made from the seed, before anybody has an id.
 *
 * @typedef {object} Person
 * @property {string} username
 * @property {'user' | 'admin'} role
 *
 * @typedef {object} Part one connection's
 * @property {string} name
 * @property {Role} role
 * @property {string} username
 * @property {number} ordinal which of its user's
 * @property {string[]} allowed rooms
 *
 * @typedef {object} Cast
 * @property {Person[]} people
 * @property {Part[]} parts
 * @property {string[]} publicRooms
 * @property {string} privateRoom
 * @property {string[]} privateMembers usernames
 */

const PUBLIC_ROOMS = 4;

/**
 * About half as many users as clients: most have two connections, some one. A third of them may enter the private room.
 *
 * @param {number} clients
 * @param {string} suffix that no other run on the same database has
 * @returns {Cast}
 */
export function makeCast(clients, suffix) {
  const users = Math.max(2, Math.ceil(clients / 2));
  const publicRooms = Array.from({ length: PUBLIC_ROOMS }, (_, i) => `verify-${suffix}-${i}`);
  const privateRoom = `verify-${suffix}-private`;
  const usernameOf = (/** @type {string | number} */ who) => `verify-${suffix}-${who}`;
  const members = Array.from({ length: users }, (_, i) => usernameOf(i));
  const privateMembers = members.filter((_, i) => i % 3 === 0);

  const outsiders = /** @type {const} */ (['stranger', 'intruder', 'auditor']);
  // One user in four has one connection, and another one three.
  const userOf = (/** @type {number} */ i) => {
    const user = i % users;
    return i >= users && user % 4 === 3 ? user - 1 : user;
  };
  /** @type {Map<number, number>} */
  const counts = new Map();
  const parts = Array.from({ length: clients }, (_, i) => {
    const user = userOf(i);
    const ordinal = counts.get(user) ?? 0;
    counts.set(user, ordinal + 1);
    const username = usernameOf(user);
    const allowed = privateMembers.includes(username) ? [...publicRooms, privateRoom] : publicRooms;
    return { name: `c${i}`, role: /** @type {Role} */ ('member'), username, ordinal, allowed };
  });
  return {
    people: [
      ...members.map((username) => ({ username, role: /** @type {const} */ ('user') })),
      ...outsiders.map((who) => ({
        username: usernameOf(who),
        role: who === 'auditor' ? /** @type {const} */ ('admin') : /** @type {const} */ ('user'),
      })),
    ],
    parts: [
      ...parts,
      ...[...outsiders, /** @type {const} */ ('silent')].map((role) => ({
        name: role,
        role,
        username: usernameOf(role),
        ordinal: 0,
        allowed: [],
      })),
    ],
    publicRooms,
    privateRoom,
    privateMembers: [...privateMembers, usernameOf('auditor')],
  };
}
