import { Check, Column, CreateDateColumn, Entity, PrimaryGeneratedColumn, Unique } from 'typeorm';

/** Who may enter: anybody who is not banned, or members only (ROOM-4). */
export type RoomVisibility = 'public' | 'private';

@Entity('rooms')
@Unique('rooms_slug_key', ['slug'])
@Check('rooms_visibility_check', `visibility IN ('public', 'private')`)
export class Room {
  @PrimaryGeneratedColumn('identity', {
    type: 'integer',
    generatedIdentity: 'BY DEFAULT',
    primaryKeyConstraintName: 'rooms_pkey',
  })
  id!: number;

  @Column('text')
  slug!: string;

  @Column('text', { default: '' })
  name!: string;

  @Column('text', { default: 'public' })
  visibility!: RoomVisibility;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
