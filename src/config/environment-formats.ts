import { parsePublicKey } from './public-key.js';

/** How the text of an environment variable becomes a value. */
export interface Format<T> {
  /** Ends the sentence "NAME: … is not …". */
  readonly accepts: string;
  /** Undefined: not what is accepted. */
  readonly parse: (text: string) => T | undefined;
  /** The value may hold a secret and is never shown. */
  readonly confidential?: boolean;
}

export const anyText: Format<string> = { accepts: 'a text', parse: (text) => text };

/** Visible ASCII alone fits into an HTTP header. */
export const headerSecret: Format<string> = {
  accepts: 'a secret of letters, digits and punctuation, without spaces',
  parse: (text) => (/^[!-~]+$/.test(text) ? text : undefined),
  confidential: true,
};

/** Of any form; rules about its strength depend on other variables. */
export const tokenSecret: Format<string> = {
  accepts: 'a secret (a public key belongs into JWT_PUBLIC_KEY)',
  parse: (text) => (text.includes('-----BEGIN') ? undefined : text),
  confidential: true,
};

export const hostName: Format<string> = {
  accepts: 'a host name or an IP address such as 127.0.0.1 or ::',
  parse: (text) => (/^[\w.:%-]+$/.test(text) ? text : undefined),
};

const FLAGS = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

export const flag: Format<boolean> = {
  accepts: 'true or false (or 1 or 0)',
  parse: (text) => FLAGS.get(text),
};

export const publicKeyPem: Format<string> = {
  accepts: 'the PEM of an RSA (2048 bits or more), EC P-256 or Ed25519 public key',
  parse: (text) => parsePublicKey(text) && text,
  // Somebody may put the private key here.
  confidential: true,
};

/** A comma list of what browsers send as `Origin`: it is compared as it stands, so it must be written as they do. */
export const origins: Format<readonly string[]> = {
  accepts:
    'a comma list of origins such as https://example.com (lower case, no path, no slash at the end, no default port)',
  parse: (text) => {
    const entries = text.split(',').map((entry) => entry.trim());
    return entries.every(isOrigin) ? entries : undefined;
  },
};

function isOrigin(text: string): boolean {
  if (/^https?:/.test(text)) return URL.canParse(text) && new URL(text).origin === text;
  // Apps in a web view have schemes of their own: capacitor://localhost.
  return /^(?!(?:wss?|ftp|file):)[a-z][a-z0-9+.-]*:\/\/[a-z0-9.-]+(?::\d+)?$/.test(text);
}

export function integer(min: number, max: number): Format<number> {
  return {
    accepts: `a whole number from ${min} to ${max}`,
    parse: (text) => {
      const value = /^\d+$/.test(text) ? Number(text) : NaN;
      return value >= min && value <= max ? value : undefined;
    },
  };
}

export function oneOf<T extends string>(...values: readonly T[]): Format<T> {
  return { accepts: `one of ${values.join(', ')}`, parse: (text) => values.find((value) => value === text) };
}

/** @param protocols without colon or slashes */
export function address(...protocols: readonly string[]): Format<string> {
  const forms = protocols.map((protocol) => `${protocol}://`).join(' or ');
  return {
    accepts: `an address that starts with ${forms} and holds no user, password or #fragment`,
    parse: (text) => {
      const url = parseUrl(text, protocols);
      return url && !url.username && !url.password && !url.href.includes('#') ? text : undefined;
    },
    confidential: true,
  };
}

/** Addresses of databases hold their passwords, and may leave out the host (a unix socket). */
export function connectionString(...protocols: readonly string[]): Format<string> {
  return {
    accepts: `an address that starts with ${protocols.map((protocol) => `${protocol}://`).join(' or ')}`,
    parse: (text) => (parseUrl(text.replace('@/', '@localhost/'), protocols) ? text : undefined),
    confidential: true,
  };
}

function parseUrl(text: string, protocols: readonly string[]): URL | undefined {
  const begins = new RegExp(`^(?:${protocols.join('|')})://.`);
  return begins.test(text) && URL.canParse(text) ? new URL(text) : undefined;
}
