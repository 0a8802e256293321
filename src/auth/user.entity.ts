import { Check, Column, Entity, PrimaryGeneratedColumn, Unique } from 'typeorm';

/** Who learns that a user is online (PRES-2). */
export type PresenceVisibility = 'followers' | 'mutuals' | 'nobody';

/**
 * A user of the default directory.
 *
 * No table refers to this one: a platform that swaps the `UserDirectory` keeps its users elsewhere, and their ids
 * must still fit into rooms, messages and follows.
 */
@Entity('users')
@Unique('users_username_key', ['username'])
@Check('users_presence_visibility_check', `presence_visibility IN ('followers', 'mutuals', 'nobody')`)
export class User {
  @PrimaryGeneratedColumn('identity', {
    type: 'integer',
    generatedIdentity: 'BY DEFAULT',
    primaryKeyConstraintName: 'users_pkey',
  })
  id!: number;

  @Column('text')
  username!: string;

  @Column('text', { default: '' })
  name!: string;

  @Column('boolean', { name: 'is_active', default: true })
  isActive!: boolean;

  @Column('text', { default: 'user' })
  role!: string;

  @Column('timestamptz', { name: 'last_seen_at', nullable: true })
  lastSeenAt!: Date | null;

  @Column('text', { name: 'presence_visibility', default: 'followers' })
  presenceVisibility!: PresenceVisibility;
}
