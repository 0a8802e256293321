import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, Unique } from 'typeorm';
import type { Relation } from 'typeorm';
import { bigintAsNumber } from '../database/bigint-as-number.js';
import { Room } from '../rooms/room.entity.js';

/**
 * A chat message. `id` rises within a room in the order in which messages become visible (P4): who inserts must hold
 * the room's lock, as `MessageRepository` does.
 *
 * `user_id` is no foreign key: a platform may keep its users in a table of its own.
 */
@Entity('messages')
@Unique('messages_room_id_user_id_slug_key', ['roomId', 'userId', 'slug'])
@Index('messages_room_id_id', ['roomId', 'id'])
export class Message {
  @PrimaryColumn('bigint', {
    generated: 'identity',
    generatedIdentity: 'BY DEFAULT',
    primaryKeyConstraintName: 'messages_pkey',
    transformer: bigintAsNumber,
  })
  id!: number;

  @Column('integer', { name: 'room_id' })
  roomId!: number;

  @ManyToOne(() => Room, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'room_id', foreignKeyConstraintName: 'messages_room_id_fkey' })
  room?: Relation<Room>;

  @Column('integer', { name: 'user_id' })
  userId!: number;

  /** The client's `messageId`, or one that the server made (CHAT-3). */
  @Column('text')
  slug!: string;

  @Column('text', { name: 'message_type', default: 'TEXT' })
  messageType!: string;

  @Column('text')
  message!: string;

  /** Below the millisecond it marks the batch that stored the row; see `BatchStamp`. */
  @CreateDateColumn({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'edited_at', nullable: true })
  editedAt!: Date | null;

  @Column('timestamptz', { name: 'deleted_at', nullable: true })
  deletedAt!: Date | null;
}
