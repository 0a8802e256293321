import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MIGRATIONS = fileURLToPath(new URL('../../dist/migrations/', import.meta.url));
const PGLITE = fileURLToPath(new URL('../../node_modules/@electric-sql/pglite/package.json', import.meta.url));

/**
 * Fills an empty directory with an embedded database that is migrated and empty. Making one takes some ten times as long
 * as opening one: so the first is kept, in the system's temporary directory, for as long as its migrations are the same.
 *
 * @param make starts and cleanly stops a server on the empty directory it is given
 */
export async function copyEmbeddedTemplate(target: string, make: (directory: string) => Promise<void>): Promise<void> {
  const template = join(tmpdir(), `milonga-template-${fingerprint()}`);
  if (!existsSync(template)) {
    const draft = mkdtempSync(join(tmpdir(), 'milonga-draft-'));
    await make(draft);
    try {
      renameSync(draft, template);
    } catch {
      // Another worker was faster.
      rmSync(draft, { recursive: true, force: true });
    }
  }
  cpSync(template, target, { recursive: true });
}

function fingerprint(): string {
  const hash = createHash('sha256').update(readFileSync(PGLITE));
  const files = readdirSync(MIGRATIONS).filter((name) => name.endsWith('.js'));
  for (const name of files.sort()) hash.update(name).update(readFileSync(join(MIGRATIONS, name)));
  return hash.digest('hex').slice(0, 12);
}
