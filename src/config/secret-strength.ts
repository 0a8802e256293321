export const MIN_SECRET_BYTES = 32;
/** As many different characters as 32 random bytes never fall below, in whatever alphabet they are written. */
const MIN_DIFFERENT_CHARACTERS = 5;

/** Secrets that anyone can read somewhere: those of jwt.io, of RFC 7515. */
const SAMPLES: ReadonlySet<string> = new Set([
  'a-string-secret-at-least-256-bits-long',
  'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow',
]);
/** What samples say that are to be replaced: the contract's, that of `.env.example`, and their like. */
const SAMPLE = /^your[-_ ]|change[-_ ]?(?:me|this|it)|replace[-_ ]?(?:me|this|it)|placeholder/i;

/** Why production cannot rely on this secret, as the end of a sentence; undefined: it can. */
export function weaknessOf(secret: string): string | undefined {
  if (SAMPLES.has(secret) || SAMPLE.test(secret)) {
    return 'is a sample that everybody can read: in production it must be a random secret of your own';
  }
  if (Buffer.byteLength(secret) < MIN_SECRET_BYTES) return `must be at least ${MIN_SECRET_BYTES} bytes in production`;
  if (new Set(secret).size < MIN_DIFFERENT_CHARACTERS) {
    return 'repeats a few characters: in production it must be a random secret';
  }
  return undefined;
}
