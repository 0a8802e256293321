import { readFile, writeFile } from 'node:fs/promises';

/** @typedef {import('./events.mjs').History} History */

/** JSON lines: the setup, every event, and the rows at the end. @param {string} path @param {History} history */
export async function writeHistory(path, { setup, events, rows }) {
  const lines = [{ setup }, ...events, { rows }];
  await writeFile(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

/** @param {string} path @returns {Promise<History>} */
export async function readHistory(path) {
  const lines = (await readFile(path, 'utf8')).split('\n').filter(Boolean);
  const [{ setup } = {}, ...events] = lines.map((line) => JSON.parse(line));
  const { rows } = events.pop() ?? {};
  if (!setup || !rows) throw new Error(`${path} is not a whole history: it needs the setup first and the rows last`);
  return { setup, events, rows };
}
