export interface DirectoryUser {
  readonly id: number;
  readonly username: string;
  readonly name: string;
  /** An inactive user is rejected, and cut off where connected (AUTH-3, AUTH-8). */
  readonly isActive: boolean;
  /** 'user' or 'admin' by default; a platform may have more (STAT-2 asks for 'admin'). */
  readonly role: string;
}

/**
 * Port: who the users are. The default reads the table `users`; a platform with a users table of
 * its own binds another implementation to this class.
 */
export abstract class UserDirectory {
  /**
   * The users with these ids, in any order and each once; unknown ids are left out.
   *
   * Rejects when the directory cannot be asked. Then nobody is called unknown (AUTH-9).
   */
  abstract findByIds(ids: readonly number[]): Promise<readonly DirectoryUser[]>;
}
