import { Injectable } from '@nestjs/common';
import { Gatherer } from '../batching/gatherer.js';
import { DeadlineError, withDeadline } from '../batching/with-deadline.js';
import { RoomRepository, type RoomAccess } from './room.repository.js';

/** How long the database may take before it counts as away. */
const DEADLINE_MS = 1_500;
/** After a missed deadline, look-ups fail at once for this long: a client's hundred joins do not wait one by one. */
const FAIL_FAST_MS = 1_000;

/** ROOM-4's rule: a ban keeps everyone out; a private room takes members only. Pure. */
export function mayEnter(access: Pick<RoomAccess, 'visibility' | 'role' | 'bannedAt'>): boolean {
  if (access.bannedAt) return false;
  return access.visibility === 'public' || access.role !== undefined;
}

/** Asks the database, many joins at a time, what a user may do in a room. Nothing is kept. */
@Injectable()
export class RoomAccessLookup {
  private failsFastUntil = 0;
  private readonly gatherer: Gatherer<{ slug: string; userId: number }, RoomAccess | undefined>;

  constructor(private readonly rooms: RoomRepository) {
    this.gatherer = new Gatherer((requests) => this.bounded(() => rooms.findAccess(requests)));
  }

  /** @returns undefined when there is no such room */
  find(slug: string, userId: number): Promise<RoomAccess | undefined> {
    return this.gatherer.load({ slug, userId });
  }

  /** The same, for a room that is made when it is not there (ROOM-3). */
  async findOrCreate(slug: string, userId: number): Promise<RoomAccess | undefined> {
    const access = await this.find(slug, userId);
    if (access) return access;
    await this.bounded(() => this.rooms.createPublic([slug]));
    return this.find(slug, userId);
  }

  private async bounded<T>(query: () => Promise<T>): Promise<T> {
    if (performance.now() < this.failsFastUntil) throw new DeadlineError(0);
    try {
      return await withDeadline(query(), DEADLINE_MS);
    } catch (error) {
      if (error instanceof DeadlineError) this.failsFastUntil = performance.now() + FAIL_FAST_MS;
      throw error;
    }
  }
}
