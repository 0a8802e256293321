import { Injectable } from '@nestjs/common';
import type { DirectoryUser } from '../auth/user-directory.js';
import { Database } from '../database/database.js';

// For a human now and then: it may read the whole table, within the server's statement_timeout.
const SEARCH = {
  name: 'users.search',
  text: `
    SELECT id, username, name, is_active, role FROM users
    WHERE id = $1::int OR starts_with(lower(username), lower($2::text))
    ORDER BY id IS NOT DISTINCT FROM $1::int DESC, username
    LIMIT $3::int`,
};

type UserRow = [id: number, username: string, name: string, isActive: boolean, role: string];

/** Milonga's own users, as an admin looks for them. */
@Injectable()
export class UserSearchRepository {
  constructor(private readonly database: Database) {}

  /** The user with that id, first, and those whose usernames begin so, in any case of letters; by username. */
  async find(id: number | null, prefix: string, limit: number): Promise<DirectoryUser[]> {
    const rows = await this.database.query<UserRow>(SEARCH, [id, prefix, limit]);
    return rows.map(([userId, username, name, isActive, role]) => ({ id: userId, username, name, isActive, role }));
  }
}
