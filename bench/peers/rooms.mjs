/**
 * Who is where, for the peers that leave it to the application.
 *
 * @template Member
 */
export class Rooms {
  /** @type {Map<string, Set<Member>>} */
  #members = new Map();
  /** @type {Map<string, number>} ids of the rooms in the database, where there is one */
  ids = new Map();

  /** @param {string} slug @param {Member} member @returns {Set<Member>} all who are in the room now */
  join(slug, member) {
    const members = this.#members.get(slug) ?? new Set();
    this.#members.set(slug, members.add(member));
    return members;
  }

  /** @param {Member} member */
  leaveAll(member) {
    for (const [slug, members] of this.#members) {
      if (members.delete(member) && members.size === 0) this.#members.delete(slug);
    }
  }

  /** @param {string} slug @param {Member} member @returns {Set<Member> | undefined} undefined unless `member` is in it */
  membersFor(slug, member) {
    const members = this.#members.get(slug);
    return members?.has(member) ? members : undefined;
  }
}
