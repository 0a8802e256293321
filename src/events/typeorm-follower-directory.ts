import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { isInt4 } from '../database/int4.js';
import { FollowerDirectory } from './follower-directory.js';

const FOLLOWERS_OF = {
  name: 'follows.followers-of',
  text: 'SELECT follower_id FROM follows WHERE followed_id = $1',
};

/** The directory on Milonga's own table `follows`. */
@Injectable()
export class TypeOrmFollowerDirectory extends FollowerDirectory {
  constructor(private readonly database: Database) {
    super();
  }

  override async followerIdsOf(userId: number): Promise<readonly number[]> {
    if (!isInt4(userId)) return [];
    const rows = await this.database.query<[followerId: number]>(FOLLOWERS_OF, [userId]);
    return rows.map(([followerId]) => followerId);
  }
}
