import { isRecord } from '../state/stored.js';

export interface TokenClaims {
  /** The user id, as the token names it. */
  readonly subject: string;
  /** In ms since the epoch; undefined: it never expires. */
  readonly expiresAt: number | undefined;
}

/** What a JWT says of itself, unchecked: the server checks it. undefined when it is none. */
export function readToken(token: string): TokenClaims | undefined {
  try {
    const [, payload = ''] = token.split('.');
    const claims: unknown = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')));
    if (!isRecord(claims)) return undefined;
    const { sub, userId, id, exp } = claims;
    return { subject: String(sub ?? userId ?? id), expiresAt: typeof exp === 'number' ? exp * 1000 : undefined };
  } catch {
    return undefined;
  }
}
