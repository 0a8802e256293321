/** The tokens of every peer: HS256 with the secret that the bench gives to all servers, checked by one library. */
import process from 'node:process';
import jwt from 'jsonwebtoken';

const SECRET = process.env.JWT_SECRET ?? '';

/**
 * @typedef {object} User
 * @property {number} id
 * @property {string} username
 * @property {string} name
 */

/**
 * @param {unknown} token
 * @returns {User} as the token's claims describe it
 * @throws for a bad token
 */
export function verifyToken(token) {
  const claims = jwt.verify(String(token), SECRET, { algorithms: ['HS256'] });
  if (typeof claims === 'string') throw new Error('A token without claims');
  return { id: Number(claims.sub), username: claims.username, name: claims.name };
}
