import { type DirectoryUser, FollowerDirectory, UserDirectory } from 'milonga';

/** The platform's own users, wherever it keeps them. */
const PEOPLE: readonly DirectoryUser[] = [
  { id: 7, username: 'ana', name: 'Ana of the host', isActive: true, role: 'user' },
  { id: 8, username: 'bruno', name: 'Bruno of the host', isActive: true, role: 'user' },
  { id: 9, username: 'carla', name: 'Carla of the host', isActive: false, role: 'user' },
];

/** Who follows whom: everybody follows Ana. */
const FOLLOWERS: ReadonlyMap<number, readonly number[]> = new Map([[7, [8, 9]]]);

export class HostUsers extends UserDirectory {
  override findByIds(ids: readonly number[]): Promise<readonly DirectoryUser[]> {
    return Promise.resolve(PEOPLE.filter(({ id }) => ids.includes(id)));
  }
}

export class HostFollowers extends FollowerDirectory {
  override followerIdsOf(userId: number): Promise<readonly number[]> {
    return Promise.resolve(FOLLOWERS.get(userId) ?? []);
  }
}
