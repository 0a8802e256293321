import { randomBytes } from 'node:crypto';

/** A name that no other test uses: a room's slug, a username, a messageId. A given server may keep what earlier runs left. */
export function unique(prefix: string): string {
  return `${prefix}-${randomBytes(5).toString('hex')}`;
}
