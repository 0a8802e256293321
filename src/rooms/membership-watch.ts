import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { LiveRoom } from './live-room.js';
import { LiveRooms } from './live-rooms.js';
import { RoomRepository, type RoomRestriction, type RoomUser } from './room.repository.js';

/** ROOM-9 allows 5 s. */
const INTERVAL_MS = 2_000;

/**
 * ROOM-9: makes what any program wrote about rooms and memberships count for those who are in them already. Users who
 * were banned, whose membership of a private room is gone, or whose room is, lose their seats; mutes come and go.
 */
@Injectable()
export class MembershipWatch implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(MembershipWatch.name);
  private timer: NodeJS.Timeout | undefined;
  private isAsking = false;

  constructor(
    private readonly liveRooms: LiveRooms,
    private readonly repository: RoomRepository,
  ) {}

  onModuleInit(): void {
    this.timer = setInterval(() => void this.look(), INTERVAL_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    const rooms = new Map([...this.liveRooms.all].map((room) => [room.id, room]));
    if (this.isAsking || rooms.size === 0) return;
    this.isAsking = true;
    try {
      await this.enforce(rooms);
    } catch (error) {
      this.logger.warn(`Could not ask for memberships: ${String(error)}`);
    } finally {
      this.isAsking = false;
    }
  }

  private async enforce(rooms: ReadonlyMap<number, LiveRoom>): Promise<void> {
    const { visibilities, restrictions } = await this.repository.findStates([...rooms.keys()]);
    const privatePairs: RoomUser[] = [];
    for (const [roomId, room] of rooms) {
      const visibility = visibilities.get(roomId);
      if (visibility === 'public') continue;
      for (const { id: userId } of room.occupancy.usersHere) {
        if (visibility === 'private') privatePairs.push({ roomId, userId });
        else this.liveRooms.evict(userId, room);
      }
    }
    const strangers = privatePairs.length > 0 ? await this.repository.findNonMembers(privatePairs) : [];
    const banned = restrictions.filter(({ bannedAt }) => bannedAt);
    for (const { roomId, userId } of [...strangers, ...banned]) {
      const room = rooms.get(roomId);
      if (room) this.liveRooms.evict(userId, room);
    }
    applyMutes(rooms, restrictions);
  }
}

function applyMutes(rooms: ReadonlyMap<number, LiveRoom>, restrictions: readonly RoomRestriction[]): void {
  const muted = new Map<LiveRoom, Map<number, number>>();
  for (const { roomId, userId, mutedUntil } of restrictions) {
    const room = rooms.get(roomId);
    if (!room || !mutedUntil) continue;
    muted.set(room, (muted.get(room) ?? new Map<number, number>()).set(userId, mutedUntil.getTime()));
  }
  for (const room of rooms.values()) {
    const until = muted.get(room);
    for (const [connection, seat] of room.seats) {
      seat.mutedUntil = connection.session && until?.get(connection.session.user.id);
    }
  }
}
