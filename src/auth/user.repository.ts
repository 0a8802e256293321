import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { DirectoryUser } from './user-directory.js';

// DO UPDATE, unlike DO NOTHING, also returns the row that another process is inserting at this moment.
const FIND_OR_CREATE = {
  name: 'users.find-or-create',
  text: `
    INSERT INTO users (username, name) VALUES ($1, $2)
    ON CONFLICT (username) DO UPDATE SET username = excluded.username
    RETURNING id, username, name, is_active, role`,
};

type UserRow = [id: number, username: string, name: string, isActive: boolean, role: string];

/** Milonga's own users, as the demo login needs them. */
@Injectable()
export class UserRepository {
  constructor(private readonly database: Database) {}

  /**
   * The user called `username`, made when there is none; a user who is there already keeps the name.
   *
   * @param name display name of a new user; the username when left out
   */
  async findOrCreate(username: string, name: string = username): Promise<DirectoryUser> {
    const [row] = await this.database.query<UserRow>(FIND_OR_CREATE, [username, name]);
    if (row === undefined) throw new Error('INSERT … DO UPDATE returned no row');
    const [id, storedUsername, storedName, isActive, role] = row;
    return { id, username: storedUsername, name: storedName, isActive, role };
  }
}
