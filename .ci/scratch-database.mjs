/**
 * node scratch-database.mjs ping <url>              exit status 0 when the server answers and may make databases
 * node scratch-database.mjs create <url>            makes an empty database and prints its URL
 * node scratch-database.mjs drop <url> <scratch>    drops it again
 */
import pg from 'pg';

const [action, adminUrl, scratchUrl] = process.argv.slice(2);
const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 5_000 });

try {
  await client.connect();
  if (action === 'ping') {
    const { rows } = await client.query('SELECT rolcreatedb FROM pg_roles WHERE rolname = current_user');
    if (!rows[0].rolcreatedb) process.exitCode = 1;
  } else if (action === 'create') {
    const url = new URL(adminUrl);
    url.pathname = `/milonga_ci_${Date.now()}_${process.pid}`;
    await client.query(`CREATE DATABASE ${client.escapeIdentifier(url.pathname.slice(1))}`);
    console.log(url.href);
  } else if (action === 'drop') {
    const name = new URL(scratchUrl).pathname.slice(1);
    await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(name)} WITH (FORCE)`);
  }
} catch (error) {
  console.error(`PostgreSQL: ${error.message}`);
  process.exitCode = 1;
} finally {
  await client.end();
}
