import { Injectable } from '@nestjs/common';
import type { Connection } from './connection.js';
import type { Session } from './session.js';

const NOBODY: ReadonlySet<Connection> = new Set();

/** Every connection of this process, and which user's it is. The one place where a session is set. */
@Injectable()
export class ConnectionRegistry {
  private readonly connections = new Set<Connection>();
  private readonly byUser = new Map<number, Set<Connection>>();
  private authenticated = 0;
  private readonly listeners: ((userId: number, connections: number) => void)[] = [];
  private readonly arrivalListeners: ((connection: Connection) => void)[] = [];

  get all(): ReadonlySet<Connection> {
    return this.connections;
  }

  /** How many connections have authenticated. */
  get authenticatedCount(): number {
    return this.authenticated;
  }

  /** How many have not, yet. */
  get unauthenticatedCount(): number {
    return this.connections.size - this.authenticated;
  }

  /** Ids of the users with at least one connection. */
  get userIds(): Iterable<number> {
    return this.byUser.keys();
  }

  ofUser(userId: number): ReadonlySet<Connection> {
    return this.byUser.get(userId) ?? NOBODY;
  }

  /** @param listener told whenever a user has one more authenticated connection, or one less */
  onChange(listener: (userId: number, connections: number) => void): void {
    this.listeners.push(listener);
  }

  /** @param listener told of each connection that authenticates, once */
  onAuthenticated(listener: (connection: Connection) => void): void {
    this.arrivalListeners.push(listener);
  }

  add(connection: Connection): void {
    this.connections.add(connection);
  }

  /** Gives `connection` its session, or renews it for the same user. */
  authenticate(connection: Connection, session: Session): void {
    const isNew = connection.session === undefined;
    connection.session = session;
    if (!isNew) return;
    const siblings = this.byUser.get(session.user.id);
    if (siblings) siblings.add(connection);
    else this.byUser.set(session.user.id, new Set([connection]));
    this.authenticated += 1;
    for (const listener of this.arrivalListeners) listener(connection);
    this.changed(session.user.id);
  }

  remove(connection: Connection): void {
    if (!this.connections.delete(connection) || !connection.session) return;
    this.authenticated -= 1;
    const userId = connection.session.user.id;
    const siblings = this.byUser.get(userId);
    siblings?.delete(connection);
    if (siblings?.size === 0) this.byUser.delete(userId);
    this.changed(userId);
  }

  private changed(userId: number): void {
    for (const listener of this.listeners) listener(userId, this.ofUser(userId).size);
  }
}
