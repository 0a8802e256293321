import { Injectable } from '@nestjs/common';
import { UserDirectory } from '../auth/user-directory.js';
import { Bus } from '../cluster/bus.js';
import { isInt4 } from '../database/int4.js';
import { countOf, UserLinks } from '../presence/user-links.js';
import { LiveRooms } from '../rooms/live-rooms.js';
import type { Connection } from '../socket/connection.js';
import { ConnectionRegistry } from '../socket/connection-registry.js';
import { UserSearchRepository } from './user-search.repository.js';
import type { ConnectionView, FoundUser, UserDetails } from './user-views.js';

const MAX_FOUND = 20;

/** Users as an admin sees them: who they are, and where they are connected. */
@Injectable()
export class AdminUsersService {
  constructor(
    private readonly search: UserSearchRepository,
    private readonly directory: UserDirectory,
    private readonly registry: ConnectionRegistry,
    private readonly links: UserLinks,
    private readonly liveRooms: LiveRooms,
    private readonly bus: Bus,
  ) {}

  /** @param text an id, or how a username begins */
  async find(text: string): Promise<FoundUser[]> {
    const id = Number(text);
    const users = await this.search.find(isInt4(id) ? id : null, text, MAX_FOUND);
    const elsewhere = await this.links.find(users.map((user) => user.id));
    return users.map((user) => {
      return { ...user, connections: this.registry.ofUser(user.id).size + countOf(elsewhere.get(user.id)) };
    });
  }

  /** @returns undefined when there is no such user */
  async details(id: number): Promise<UserDetails | undefined> {
    const [user] = await this.directory.findByIds([id]);
    if (!user) return undefined;
    const elsewhere = await this.links.findOne(id);
    return {
      user,
      nodeId: this.bus.nodeId,
      connections: [...this.registry.ofUser(id)].map((connection) => this.view(connection)),
      elsewhere: [...elsewhere].flatMap(([nodeId, connections]) => (connections ? [{ nodeId, connections }] : [])),
    };
  }

  private view(connection: Connection): ConnectionView {
    return {
      since: connection.openedAt,
      idleMs: Math.round(performance.now() - connection.activeAt),
      rooms: [...this.liveRooms.of(connection)].map(({ slug }) => slug),
    };
  }
}
