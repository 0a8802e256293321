import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { weaknessOf } from '../../../src/config/secret-strength.js';

test.each([
  'your-production-secret',
  'your-super-secret-jwt-token-with-at-least-32-characters-long',
  'replace-this-with-at-least-32-random-bytes',
  'please-change-me-please-change-me-please',
  'a-string-secret-at-least-256-bits-long',
])('%s is a sample', (secret) => {
  expect(weaknessOf(secret)).toMatch(/sample/);
});

test.each(['', 'short', 'x'.repeat(31)])('"%s" is too short', (secret) => {
  expect(weaknessOf(secret)).toMatch(/32 bytes/);
});

test.each(['x'.repeat(64), 'abab'.repeat(20)])('%s repeats itself', (secret) => {
  expect(weaknessOf(secret)).toMatch(/repeats/);
});

test.each(['base64', 'base64url', 'hex'] as const)('32 random bytes as %s are good', (encoding) => {
  for (let i = 0; i < 1_000; i += 1) expect(weaknessOf(randomBytes(32).toString(encoding))).toBeUndefined();
});
