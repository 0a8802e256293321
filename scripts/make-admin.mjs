/**
 * `npm run make-admin -- <username>`: makes a user of the server's own table an admin, and the user if there is none.
 * The database is the one that the environment names; an embedded one lets nobody in beside a running server.
 */
import 'reflect-metadata';

const username = process.argv[2]?.trim();
if (!username) fail('Say who: npm run make-admin -- <username>');

const { parseEnvironment } = await import('../dist/src/config/environment.js');
const { loadEnvFile } = await import('../dist/src/config/load-env-file.js');
const { DatabaseHost } = await import('../dist/src/database/database-host.js');
const { openDataSource } = await import('../dist/src/database/open-data-source.js');

try {
  loadEnvFile();
  const host = new DatabaseHost(parseEnvironment(process.env));
  const dataSource = await openDataSource(await host.start());
  const [user] = await dataSource.query(
    `INSERT INTO users (username, name, role) VALUES ($1, $1, 'admin')
     ON CONFLICT (username) DO UPDATE SET role = 'admin' RETURNING id, xmax = 0 AS "isNew"`,
    [username],
  );
  await dataSource.destroy();
  await host.stop();
  console.log(`${username} (id ${user.id}) is an admin${user.isNew ? '. There was no such user before' : ''}.`);
} catch (error) {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  fail(name === 'DataDirInUseError' ? `${message}. Stop the server first.` : message);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
