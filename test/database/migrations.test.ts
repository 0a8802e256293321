import { expect, test } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { migrate } from '../../src/database/migrate.js';
import { openDataSource } from '../../src/database/open-data-source.js';
import { describeOnEachDatabase, describeOnEachEmptyDatabase, describeOnPostgresql } from './databases.js';

/** The product's tables, to the last detail. */
async function schemaOf(dataSource: DataSource): Promise<unknown> {
  return {
    columns: await dataSource.query(`
      SELECT table_name, column_name, data_type, is_nullable, column_default, identity_generation
      FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'migrations'
      ORDER BY table_name, ordinal_position`),
    constraints: await dataSource.query(`
      SELECT conrelid::regclass::text AS table, conname, pg_get_constraintdef(oid) AS definition
      FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> 'migrations'::regclass
      ORDER BY 1, 2`),
    functions: await dataSource.query(`
      SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1`),
    indexes: await dataSource.query(`
      SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'migrations' ORDER BY 1`),
    sequences: await dataSource.query(`
      SELECT sequencename, data_type FROM pg_sequences WHERE schemaname = 'public' AND sequencename <> 'migrations_id_seq'
      ORDER BY 1`),
  };
}

describeOnEachEmptyDatabase('The migrations', (database) => {
  test('down is the exact inverse of up', async () => {
    const dataSource = await openDataSource(database.options);
    const before = await schemaOf(dataSource);
    const applied = async () => dataSource.query<unknown[]>('SELECT FROM migrations');
    while ((await applied()).length > 0) await dataSource.undoLastMigration();
    expect(await schemaOf(dataSource)).toEqual({
      columns: [],
      constraints: [],
      functions: [],
      indexes: [],
      sequences: [],
    });
    await migrate(dataSource);
    expect(await schemaOf(dataSource)).toEqual(before);
    await dataSource.destroy();
  });
});

describeOnEachDatabase('The schema', (database) => {
  test('is the one that the entities describe', async () => {
    const { upQueries } = await database.dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  test('lets another program insert only the natural columns', async () => {
    await database.sql(`INSERT INTO users (username) VALUES ('ana')`);
    await database.sql(`INSERT INTO rooms (slug) VALUES ('milonga')`);
    await database.sql('INSERT INTO room_members (room_id, user_id) VALUES (1, 1)');
    await database.sql(`INSERT INTO messages (room_id, user_id, slug, message) VALUES (1, 1, 'm', 'Hola')`);

    expect(await database.sql('SELECT * FROM users')).toEqual([
      {
        id: 1,
        username: 'ana',
        name: '',
        is_active: true,
        role: 'user',
        last_seen_at: null,
        presence_visibility: 'followers',
      },
    ]);
    expect(await database.sql('SELECT * FROM rooms')).toMatchObject([{ name: '', visibility: 'public' }]);
    expect(await database.sql('SELECT * FROM room_members')).toEqual([
      { room_id: 1, user_id: 1, role: 'member', banned_at: null, muted_until: null, last_read_id: '0' },
    ]);
    expect(await database.sql('SELECT * FROM messages')).toMatchObject([
      { id: '1', message_type: 'TEXT', created_at: expect.any(Date), edited_at: null, deleted_at: null },
    ]);
  });

  test.each([
    `INSERT INTO users (username, presence_visibility) VALUES ('bea', 'everyone')`,
    `INSERT INTO rooms (slug, visibility) VALUES ('closed', 'secret')`,
    `INSERT INTO room_members (room_id, user_id, role) VALUES (1, 2, 'king')`,
    `INSERT INTO room_members (room_id, user_id) VALUES (99, 1)`,
  ])('refuses %s', async (statement) => {
    await expect(database.sql(statement)).rejects.toThrow(/violates/);
  });

  test('forgets members and messages with their room', async () => {
    await database.sql('DELETE FROM rooms');
    expect(await database.sql('SELECT * FROM room_members')).toEqual([]);
    expect(await database.sql('SELECT * FROM messages')).toEqual([]);
  });
});

describeOnPostgresql('Processes that start at once', { schema: false }, (database) => {
  test('run the migrations once', async () => {
    const dataSources = await Promise.all([1, 2, 3, 4].map(() => openDataSource(database.options)));
    const [first] = dataSources as [DataSource];
    expect(await first.query('SELECT count(*)::int AS n FROM migrations')).toEqual([{ n: first.migrations.length }]);
    await Promise.all(dataSources.map((each) => each.destroy()));
  });
});
