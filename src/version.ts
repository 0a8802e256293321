import { readFileSync } from 'node:fs';

// From a folder of `dist`, where this file runs.
const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as unknown;

/** Of this program: a node of another one is in the middle of a deploy. */
export const VERSION =
  typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : 'unknown';
