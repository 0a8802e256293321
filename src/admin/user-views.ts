import type { DirectoryUser } from '../auth/user-directory.js';

/** `GET /admin/users?search=` */
export interface UserSearch {
  /** At most 20. */
  readonly users: readonly FoundUser[];
}

export interface FoundUser extends DirectoryUser {
  /** Over all nodes, as far as is known. */
  readonly connections: number;
}

/** `GET /admin/users/:id` */
export interface UserDetails {
  readonly user: DirectoryUser;
  /** The node that answers: only of its own connections it knows more than their number. */
  readonly nodeId: string;
  readonly connections: readonly ConnectionView[];
  readonly elsewhere: readonly { readonly nodeId: string; readonly connections: number }[];
}

export interface ConnectionView {
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** Milliseconds since it last sent more than a sign of life. */
  readonly idleMs: number;
  readonly rooms: readonly string[];
}
