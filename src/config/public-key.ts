import { createPublicKey, type KeyObject } from 'node:crypto';

export type SignatureAlgorithm = 'RS256' | 'ES256' | 'EdDSA';

export interface PublicKey {
  readonly key: KeyObject;
  /** The only algorithm that tokens of this key may use (AUTH-2). */
  readonly algorithm: SignatureAlgorithm;
}

/** RFC 7518, 3.3: RS256 takes no key below this size. */
const MIN_RSA_BITS = 2_048;

/** The key in a PEM whose line ends may be written as `\n`, or undefined if it is none that AUTH-2 accepts. */
export function parsePublicKey(pem: string): PublicKey | undefined {
  // Node would derive the public half of a private key, which has no business on this server.
  if (pem.includes('PRIVATE KEY')) return undefined;
  let key: KeyObject;
  try {
    key = createPublicKey(pem.replaceAll('\\n', '\n'));
  } catch {
    return undefined;
  }
  const algorithm = algorithmOf(key);
  return algorithm && { key, algorithm };
}

function algorithmOf(key: KeyObject): SignatureAlgorithm | undefined {
  const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'ed25519') return 'EdDSA';
  if (key.asymmetricKeyType === 'rsa' && modulusLength >= MIN_RSA_BITS) return 'RS256';
  if (key.asymmetricKeyType === 'ec' && namedCurve === 'prime256v1') return 'ES256';
  return undefined;
}
