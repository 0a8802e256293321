import base from './jest.config.js';

/**
 * The tests in a real Chromium: `npm run test:browser`. Not part of `npm test`, as a fresh machine may have no browser.
 *
 * @type {import('jest').Config}
 */
export default {
  ...base,
  testMatch: ['<rootDir>/test/browser/**/*.test.ts'],
  testTimeout: 60_000,
  reporters: ['default'],
};
