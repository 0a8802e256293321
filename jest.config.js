/**
 * Every test that needs no browser. `npm test` and `npx jest` run the same.
 *
 * Jest loads native ES modules only under Node's flag below. Its workers inherit it from here, so that no script and no
 * .npmrc has to carry it (and `npm start` never sees it). Jest always uses workers when `workerIdleMemoryLimit` is set;
 * only `--runInBand` needs the flag on the command line: `NODE_OPTIONS=--experimental-vm-modules npx jest --runInBand`.
 */
process.env.NODE_OPTIONS = [
  process.env.NODE_OPTIONS,
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
]
  .filter(Boolean)
  .join(' ');

/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['<rootDir>/test/{unit,contract,database,hostile,host,client}/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  // Imports end in .js, as TypeScript wants: a real .js file first (packages, plain JavaScript), else the .ts behind the name.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': ['$1.js', '$1.ts'] },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        module: { type: 'es6' },
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, verbatimModuleSyntax: true },
        },
      },
    ],
  },
  // Three on two cores: many tests wait for something to happen.
  maxWorkers: 3,
  workerIdleMemoryLimit: '512MB',
  testTimeout: 120_000,
  reporters: ['default', '<rootDir>/test/support/skipped-reporter.js'],
};
