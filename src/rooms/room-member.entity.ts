import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { bigintAsNumber } from '../database/bigint-as-number.js';
import { Room } from './room.entity.js';

export type RoomRole = 'member' | 'moderator' | 'owner';

/**
 * What ties a user to a room: admission to a private one, a role, a ban, a mute, how far the user has read.
 *
 * `user_id` is no foreign key: a platform may keep its users in a table of its own.
 */
@Entity('room_members')
@Check('room_members_role_check', `role IN ('member', 'moderator', 'owner')`)
@Index('room_members_user', ['userId'])
@Index('room_members_restricted', ['roomId'], { where: 'banned_at IS NOT NULL OR muted_until IS NOT NULL' })
export class RoomMember {
  @PrimaryColumn('integer', { name: 'room_id', primaryKeyConstraintName: 'room_members_pkey' })
  roomId!: number;

  @PrimaryColumn('integer', { name: 'user_id', primaryKeyConstraintName: 'room_members_pkey' })
  userId!: number;

  @ManyToOne(() => Room, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'room_id', foreignKeyConstraintName: 'room_members_room_id_fkey' })
  room?: Relation<Room>;

  @Column('text', { default: 'member' })
  role!: RoomRole;

  @Column('timestamptz', { name: 'banned_at', nullable: true })
  bannedAt!: Date | null;

  @Column('timestamptz', { name: 'muted_until', nullable: true })
  mutedUntil!: Date | null;

  /** The newest message that the user has read in the room; 0 = none. */
  @Column('bigint', { name: 'last_read_id', default: 0, transformer: bigintAsNumber })
  lastReadId!: number;
}
