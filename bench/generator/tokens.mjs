import { Buffer } from 'node:buffer';
import { createHmac } from 'node:crypto';

const LIFE_SECONDS = 7_200;
const HEADER = base64url({ alg: 'HS256', typ: 'JWT' });

/** @param {number} userId */
export function usernameOf(userId) {
  return `dancer${userId}`;
}

/** @param {string} secret @param {number} userId */
export function signToken(secret, userId) {
  const now = Math.floor(Date.now() / 1_000);
  const claims = { sub: String(userId), username: usernameOf(userId), name: '', iat: now, exp: now + LIFE_SECONDS };
  const signed = `${HEADER}.${base64url(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

/** @param {object} value */
function base64url(value) {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
