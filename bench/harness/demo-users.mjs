import { usernameOf } from '../generator/tokens.mjs';

const CONCURRENT_LOGINS = 16;

/**
 * Makes users in a server whose database is out of reach, by its demo login: fresh names in a fresh database get the
 * ids from 1 on.
 *
 * @param {number} port
 * @param {number} users
 */
export async function makeUsers(port, users) {
  let last = 0;
  const makeOneByOne = async () => {
    while (last < users) await logIn(port, usernameOf(++last));
  };
  await Promise.all(Array.from({ length: CONCURRENT_LOGINS }, makeOneByOne));
}

/** @param {number} port @param {string} username */
async function logIn(port, username) {
  const response = await globalThis.fetch(`http://127.0.0.1:${port}/auth/demo`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ username }),
  });
  const answer = await response.text();
  if (!response.ok) throw new Error(`The demo login refused ${username}: ${answer}`);
}
