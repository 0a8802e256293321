/**
 * Opens an embedded database whose server is stopped, and answers queries sent over the IPC channel, until it closes.
 * A process of its own: the database's memory goes with it.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';

const dataDir = process.argv[2] ?? '';
const database = await PGlite.create(clusterIn(dataDir));
process.send?.({ ready: true });

process.on('message', (/** @type {{ text: string, parameters: unknown[] }} */ { text, parameters }) => {
  database.query(text, parameters).then(
    ({ rows }) => process.send?.({ rows }),
    (/** @type {unknown} */ error) => process.send?.({ error: String(error) }),
  );
});
process.on('disconnect', () => {
  void database.close();
});

/**
 * The database's own directory, which may be the given one or one inside it.
 *
 * @param {string} directory
 * @returns {string}
 */
function clusterIn(directory) {
  if (existsSync(join(directory, 'PG_VERSION'))) return directory;
  const inside = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const found = inside.find((entry) => existsSync(join(directory, entry.name, 'PG_VERSION')));
  if (found === undefined) throw new Error(`No database in ${directory}`);
  return join(directory, found.name);
}
