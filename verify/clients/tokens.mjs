import { Buffer } from 'node:buffer';
import { createHmac } from 'node:crypto';

const LIFE_SECONDS = 7 * 86_400;

/** @param {string} secret @param {number} userId */
export function signToken(secret, userId) {
  const now = Math.floor(Date.now() / 1_000);
  const claims = { sub: String(userId), iat: now, exp: now + LIFE_SECONDS };
  const signed = `${base64url({ alg: 'HS256', typ: 'JWT' })}.${base64url(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

/** @param {object} value */
function base64url(value) {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
