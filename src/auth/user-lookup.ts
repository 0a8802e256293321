import { Injectable } from '@nestjs/common';
import { Gatherer } from '../batching/gatherer.js';
import { withDeadline } from '../batching/with-deadline.js';
import { UserDirectory, type DirectoryUser } from './user-directory.js';

/** How long the directory may take before it counts as away (AUTH-9). */
const DEADLINE_MS = 1_500;

/**
 * Single look-ups of users, gathered: thousands of clients that come back at once ask the directory a few times, not
 * thousands. Nothing is kept: a row that another program wrote counts for the very next `auth`.
 */
@Injectable()
export class UserLookup {
  private readonly gatherer: Gatherer<number, DirectoryUser | undefined>;

  constructor(directory: UserDirectory) {
    this.gatherer = new Gatherer(async (ids) => {
      const users = await withDeadline(directory.findByIds([...new Set(ids)]), DEADLINE_MS);
      const byId = new Map(users.map((user) => [user.id, user]));
      return ids.map((id) => byId.get(id));
    });
  }

  /** @throws whatever the directory throws; `DeadlineError` when it does not answer */
  find(id: number): Promise<DirectoryUser | undefined> {
    return this.gatherer.load(id);
  }
}
