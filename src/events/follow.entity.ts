import { Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * One user follows another.
 *
 * Neither column is a foreign key: a platform may keep its users in a table of its own.
 */
@Entity('follows')
@Index('follows_followed_id_follower_id', ['followedId', 'followerId'])
export class Follow {
  @PrimaryColumn('integer', { name: 'follower_id', primaryKeyConstraintName: 'follows_pkey' })
  followerId!: number;

  @PrimaryColumn('integer', { name: 'followed_id', primaryKeyConstraintName: 'follows_pkey' })
  followedId!: number;
}
