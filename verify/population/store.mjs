import pg from 'pg';

/** What the run puts into the database by itself, and reads from it at the end. */
export class Store {
  #client;

  /** @param {pg.Client} client */
  constructor(client) {
    this.#client = client;
  }

  /**
   * A connection for one piece of work: the database's restarts are among the faults.
   *
   * @template T
   * @param {string} url
   * @param {(store: Store) => Promise<T>} work
   * @returns {Promise<T>}
   */
  static async use(url, work) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return await work(new Store(client));
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  /** @param {import('./cast.mjs').Cast} cast @returns {Promise<Map<string, number>>} user ids by username */
  async fill({ people, publicRooms, privateRoom, privateMembers }) {
    const ids = new Map();
    for (const { username, role } of people) {
      const text = 'INSERT INTO users (username, name, role) VALUES ($1, $1, $2) RETURNING id';
      const { rows } = await this.#client.query(text, [username, role]);
      ids.set(username, rows[0].id);
    }
    await this.#client.query('INSERT INTO rooms (slug) SELECT * FROM unnest($1::text[])', [publicRooms]);
    await this.#client.query(
      `WITH room AS (INSERT INTO rooms (slug, visibility) VALUES ($1, 'private') RETURNING id)
       INSERT INTO room_members (room_id, user_id) SELECT room.id, member FROM room, unnest($2::int[]) AS member`,
      [privateRoom, privateMembers.map((username) => ids.get(username))],
    );
    return ids;
  }

  /**
   * Below the millisecond the server keeps a mark of its own, which nobody is shown.
   *
   * @param {string[]} rooms
   * @returns {Promise<import('../history/events.mjs').Row[]>} by id
   */
  async rows(rooms) {
    const { rows } = await this.#client.query(
      `SELECT messages.id::float8 AS id, rooms.slug AS room, user_id AS "user", messages.slug, message AS text,
              floor(extract(epoch FROM messages.created_at) * 1000)::float8 AS "createdAt"
       FROM messages JOIN rooms ON rooms.id = room_id
       WHERE rooms.slug = ANY($1) AND deleted_at IS NULL ORDER BY messages.id`,
      [rooms],
    );
    return rows;
  }

  /** @param {string[]} rooms @returns {Promise<Map<string, number>>} the newest id of each */
  async newest(rooms) {
    const { rows } = await this.#client.query(
      `SELECT rooms.slug, coalesce(max(messages.id), 0)::float8 AS id
       FROM rooms LEFT JOIN messages ON rooms.id = room_id WHERE rooms.slug = ANY($1) GROUP BY rooms.slug`,
      [rooms],
    );
    return new Map(rows.map(({ slug, id }) => [slug, id]));
  }

  /** @param {import('./cast.mjs').Cast} cast */
  async empty({ people, publicRooms, privateRoom }) {
    await this.#client.query('DELETE FROM rooms WHERE slug = ANY($1)', [[...publicRooms, privateRoom]]);
    await this.#client.query('DELETE FROM users WHERE username = ANY($1)', [people.map(({ username }) => username)]);
  }
}
