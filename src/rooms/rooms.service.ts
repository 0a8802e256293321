import { Inject, Injectable, Logger } from '@nestjs/common';
import { MILONGA_OPTIONS, type MilongaOptions } from '../config/options.js';
import { MAX_LISTED_MEMBERS } from '../protocol/members.js';
import type { RoomJoined, RoomLeft, RoomMembers } from '../protocol/index.js';
import type { ResumeRoomMessage } from '../protocol/rooms.js';
import type { Connection, Departure } from '../socket/connection.js';
import { Refusal } from '../socket/protocol-error.js';
import type { Session } from '../socket/session.js';
import type { LiveRoom } from './live-room.js';
import { LiveRooms } from './live-rooms.js';
import { MissedMessages } from './missed-messages.js';
import { RoomAccessLookup, mayEnter } from './room-access.js';
import type { RoomAccess } from './room.repository.js';

/** Joining and leaving (ROOM-1 to ROOM-8). */
@Injectable()
export class RoomsService {
  private readonly logger = new Logger(RoomsService.name);

  constructor(
    @Inject(MILONGA_OPTIONS) private readonly options: MilongaOptions,
    private readonly access: RoomAccessLookup,
    private readonly liveRooms: LiveRooms,
    private readonly missed: MissedMessages,
  ) {}

  /**
   * @returns undefined when the connection ended meanwhile
   * @throws Refusal when the room is refused, there are too many, or the database is away
   */
  async join(connection: Connection, session: Session, slug: string): Promise<RoomJoined | undefined> {
    const { access, room, done } = await this.admit(connection, session, slug);
    try {
      return connection.isOpen ? this.takeSeat(connection, session, room, access) : undefined;
    } finally {
      done();
    }
  }

  /**
   * RES-1, RES-2: answers by itself, because what was missed follows at once.
   *
   * @returns when the client has been sent all that it missed
   * @throws Refusal as `join` does
   */
  async resume(
    connection: Connection,
    session: Session,
    { roomSlug, after, requestId }: ResumeRoomMessage,
  ): Promise<undefined> {
    const { access, room, done } = await this.admit(connection, session, roomSlug);
    try {
      const { lastId, recovered, follow } = await this.missed.prepare(connection, room, {
        after,
        newestId: access.newestId,
      });
      if (connection.isOpen) {
        const joined = this.takeSeat(connection, session, room, access);
        connection.answer({ ...joined, lastId, recovered }, requestId);
      }
      await follow();
    } finally {
      done();
    }
  }

  /** The room, kept open until `done` is called. */
  private async admit(connection: Connection, session: Session, slug: string) {
    const joined = this.liveRooms.of(connection);
    const isAnother = !this.liveRooms.get(slug)?.seats.has(connection);
    if (isAnother && joined.size >= this.options.limits.maxRoomsPerConnection) {
      throw new Refusal('too_many_rooms');
    }
    const access = await this.findAccess(slug, session.user.id);
    if (!access || !mayEnter(access)) throw new Refusal('room_forbidden');

    const { room, done } = this.liveRooms.open({ id: access.roomId, slug }, access.newestId);
    await room.synced;
    return { access, room, done };
  }

  private takeSeat(connection: Connection, { user }: Session, room: LiveRoom, { mutedUntil }: RoomAccess): RoomJoined {
    const isNewcomer = this.liveRooms.enter(connection, user, room, { mutedUntil: mutedUntil?.getTime() });
    if (isNewcomer) room.announceJoined(user);
    const { slug: roomSlug } = room;
    const { userCount } = room.occupancy;
    const timestamp = Date.now();
    return { type: 'room_joined', roomSlug, message: `Joined room ${roomSlug}`, userCount, timestamp };
  }

  /** ROOM-6: leaving a room that was not joined is answered too. */
  leave(connection: Connection, slug: string): RoomLeft {
    const room = this.liveRooms.get(slug);
    if (room) this.liveRooms.leave(connection, room, 'left');
    return { type: 'room_left', roomSlug: slug, timestamp: Date.now() };
  }

  /**
   * LIFE-1.
   *
   * @throws Refusal `not_in_room`
   */
  members(connection: Connection, slug: string): RoomMembers {
    const room = this.liveRooms.get(slug);
    if (!room?.seats.has(connection)) throw new Refusal('not_in_room');
    const { occupancy } = room;
    const listed = occupancy.list(MAX_LISTED_MEMBERS);
    const users = listed.map(({ id, username }) => ({ userId: id, username, status: 'online' as const }));
    return { type: 'room_members', roomSlug: slug, userCount: occupancy.userCount, users };
  }

  /** ROOM-7: the connection has ended. */
  leaveAll(connection: Connection, departure: Departure): void {
    for (const room of [...this.liveRooms.of(connection)]) this.liveRooms.leave(connection, room, departure);
  }

  private async findAccess(slug: string, userId: number): Promise<RoomAccess | undefined> {
    try {
      return this.options.roomAutoCreate
        ? await this.access.findOrCreate(slug, userId)
        : await this.access.find(slug, userId);
    } catch (error) {
      this.logger.warn(`Could not look a room up: ${String(error)}`);
      throw new Refusal('storage_unavailable');
    }
  }
}
