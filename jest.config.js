const { availableParallelism } = require('node:os');

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/(e2e|newest-cdk)/'],
  transform: { '^.+\\.tsx?$': '<rootDir>/test/support/esbuild-transform.js' },
  // As the examples import it.
  moduleNameMapper: {
    '^cdk-datafold-postgres$': '<rootDir>/lib',
    '^cdk-datafold-postgres/fleet$': '<rootDir>/bin/fleet',
  },
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  maxWorkers: availableParallelism() + 1, // tests of waits and time-outs leave a processor idle
  testTimeout: 60_000,
};
