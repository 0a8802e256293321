import { beforeEach, describe, expect, test } from '@jest/globals';
import { TypeOrmUserDirectory } from '../../src/auth/typeorm-user-directory.js';
import { UserRepository } from '../../src/auth/user.repository.js';
import { TypeOrmFollowerDirectory } from '../../src/events/typeorm-follower-directory.js';
import { unique } from '../support/unique.js';
import { describeOnEachDatabase } from './databases.js';

describeOnEachDatabase('On the default tables', (database) => {
  describe('TypeOrmUserDirectory', () => {
    test('finds users by their ids, each once', async () => {
      const [ana, bea] = await database.sql(`
        INSERT INTO users (username, name, role, is_active)
        VALUES ('ana', 'Ana', 'admin', true), ('bea', 'Bea', 'user', false) RETURNING id`);
      const directory = new TypeOrmUserDirectory(database.database);
      const users = await directory.findByIds([ana?.['id'], bea?.['id'], ana?.['id'], 0].map(Number));
      expect(users).toHaveLength(2);
      expect(users).toContainEqual({ id: ana?.['id'], username: 'ana', name: 'Ana', role: 'admin', isActive: true });
      expect(users).toContainEqual({ id: bea?.['id'], username: 'bea', name: 'Bea', role: 'user', isActive: false });
    });

    test.each([2 ** 31, -(2 ** 31) - 1, 1.5, Number.MAX_SAFE_INTEGER, 1e300, NaN, Infinity])(
      'does not know a user %d',
      async (id) => {
        expect(await new TypeOrmUserDirectory(database.database).findByIds([id])).toEqual([]);
      },
    );
  });

  describe('UserRepository', () => {
    let users: UserRepository;
    beforeEach(() => {
      users = new UserRepository(database.database);
    });

    test('makes a user once, however many ask at once', async () => {
      const username = unique('user');
      const made = await Promise.all(Array.from({ length: 20 }, () => users.findOrCreate(username, 'A Name')));
      expect(new Set(made.map(({ id }) => id)).size).toBe(1);
      expect(made[0]).toEqual({ id: made[0]!.id, username, name: 'A Name', isActive: true, role: 'user' });
    });

    test('leaves a user who is there alone', async () => {
      const username = unique('user');
      const { id } = await users.findOrCreate(username);
      await database.sql(`UPDATE users SET is_active = false, role = 'admin' WHERE id = $1`, [id]);
      const found = await users.findOrCreate(username, 'Another Name');
      expect(found).toEqual({ id, username, name: username, isActive: false, role: 'admin' });
    });
  });

  describe('TypeOrmFollowerDirectory', () => {
    test('finds the followers of a user and nobody else', async () => {
      await database.sql('INSERT INTO follows (follower_id, followed_id) VALUES (2, 1), (3, 1), (1, 2)');
      const directory = new TypeOrmFollowerDirectory(database.database);
      expect([...(await directory.followerIdsOf(1))].sort()).toEqual([2, 3]);
      expect(await directory.followerIdsOf(3)).toEqual([]);
      expect(await directory.followerIdsOf(2 ** 40)).toEqual([]);
    });
  });
});
