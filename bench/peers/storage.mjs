/**
 * How a peer keeps messages when it does: the step that its documentation calls "persist the message", one awaited
 * INSERT in its own transaction, through a pool. The tables are Milonga's own, with the same indexes.
 */
import process from 'node:process';
import pg from 'pg';

/** @typedef {import('./tokens.mjs').User} User */

/**
 * @typedef {object} Storage
 * @property {(id: number) => Promise<User | undefined>} findUser an active user, or undefined
 * @property {(slug: string) => Promise<number>} openRoom a public room's id; the room is made when it is missing
 * @property {(roomId: number, userId: number, slug: string, message: string) => Promise<number>} insertMessage its id
 */

/** @returns {Storage | undefined} undefined when this peer is to keep nothing */
export function openStorage() {
  const { DATABASE_URL } = process.env;
  if (!DATABASE_URL) return undefined;
  const pool = new pg.Pool({ connectionString: DATABASE_URL });
  pool.on('error', () => undefined);
  return {
    async findUser(id) {
      const { rows } = await pool.query('SELECT id, username, name FROM users WHERE id = $1 AND is_active', [id]);
      return rows[0];
    },
    async openRoom(slug) {
      const find = 'SELECT id FROM rooms WHERE slug = $1';
      const { rows } = await pool.query(find, [slug]);
      if (rows[0]) return rows[0].id;
      await pool.query('INSERT INTO rooms (slug) VALUES ($1) ON CONFLICT (slug) DO NOTHING', [slug]);
      return (await pool.query(find, [slug])).rows[0].id;
    },
    async insertMessage(roomId, userId, slug, message) {
      const { rows } = await pool.query(
        'INSERT INTO messages (room_id, user_id, slug, message) VALUES ($1, $2, $3, $4) RETURNING id',
        [roomId, userId, slug, message],
      );
      return Number(rows[0].id);
    },
  };
}
