import type { Sql } from './database.js';
import type { Person } from './server-frames.js';
import { unique } from './unique.js';

/** What other programs write into the server's tables (3-operations, "Tables"). */

export async function insertUser(sql: Sql, { isActive = true, role = 'user' } = {}): Promise<Person> {
  const username = unique('row');
  const [row] = await sql(
    'INSERT INTO users (username, name, is_active, role) VALUES ($1, $2, $3, $4) RETURNING id, username, name',
    [username, `Name of ${username}`, isActive, role],
  );
  return { id: Number(row?.['id']), username: String(row?.['username']), name: String(row?.['name']) };
}

export async function setActive(sql: Sql, user: Person, isActive: boolean): Promise<void> {
  await sql('UPDATE users SET is_active = $2 WHERE id = $1', [user.id, isActive]);
}

export async function setRole(sql: Sql, user: Person, role: string): Promise<void> {
  await sql('UPDATE users SET role = $2 WHERE id = $1', [user.id, role]);
}

export async function follow(sql: Sql, follower: Person, followed: Person): Promise<void> {
  await sql('INSERT INTO follows (follower_id, followed_id) VALUES ($1, $2)', [follower.id, followed.id]);
}

export async function insertRoom(sql: Sql, slug: string, visibility: 'public' | 'private'): Promise<void> {
  await sql('INSERT INTO rooms (slug, name, visibility) VALUES ($1::text, $1::text, $2)', [slug, visibility]);
}

interface Standing {
  readonly isBanned?: boolean;
  readonly isMuted?: boolean;
}

export async function insertMember(
  sql: Sql,
  slug: string,
  user: Person,
  { isBanned = false, isMuted = false }: Standing = {},
): Promise<void> {
  await sql(
    `INSERT INTO room_members (room_id, user_id, role, banned_at, muted_until)
     SELECT id, $2, 'member', CASE WHEN $3::boolean THEN now() END, CASE WHEN $4::boolean THEN now() + interval '1 hour' END
       FROM rooms WHERE slug = $1`,
    [slug, user.id, isBanned, isMuted],
  );
}

export async function deleteMember(sql: Sql, slug: string, user: Person): Promise<void> {
  await sql('DELETE FROM room_members WHERE user_id = $2 AND room_id = (SELECT id FROM rooms WHERE slug = $1)', [
    slug,
    user.id,
  ]);
}

/** Bans the user, whether or not there is a row of the two already. */
export async function banMember(sql: Sql, slug: string, user: Person): Promise<void> {
  const updated = await sql(
    `UPDATE room_members SET banned_at = now()
      WHERE user_id = $2 AND room_id = (SELECT id FROM rooms WHERE slug = $1) RETURNING user_id`,
    [slug, user.id],
  );
  if (updated.length === 0) await insertMember(sql, slug, user, { isBanned: true });
}

/** The messageIds of a room's rows, in the room's order. */
export async function storedMessageIds(sql: Sql, slug: string): Promise<string[]> {
  const rows = await sql(
    'SELECT m.slug FROM messages m JOIN rooms r ON r.id = m.room_id WHERE r.slug = $1 ORDER BY m.id',
    [slug],
  );
  return rows.map((row) => String(row['slug']));
}
