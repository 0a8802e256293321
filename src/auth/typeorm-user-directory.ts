import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { isInt4 } from '../database/int4.js';
import { type DirectoryUser, UserDirectory } from './user-directory.js';

const FIND_BY_IDS = {
  name: 'users.find-by-ids',
  text: 'SELECT id, username, name, is_active, role FROM users WHERE id = ANY($1::int[])',
};

type UserRow = [id: number, username: string, name: string, isActive: boolean, role: string];

/** The directory on Milonga's own table `users`. */
@Injectable()
export class TypeOrmUserDirectory extends UserDirectory {
  constructor(private readonly database: Database) {
    super();
  }

  override async findByIds(ids: readonly number[]): Promise<readonly DirectoryUser[]> {
    // A token may claim any number. One that the column cannot hold is an unknown user, not an SQL error.
    const rows = await this.database.query<UserRow>(FIND_BY_IDS, [ids.filter(isInt4)]);
    return rows.map(([id, username, name, isActive, role]) => ({ id, username, name, isActive, role }));
  }
}
