const base = require('../../jest.config.js');

/** @type {import('jest').Config} The tests of the sql-runner, and of the queries of `plan`, that depend on the server's version. */
module.exports = {
  ...base,
  rootDir: '../..',
  roots: ['<rootDir>/test'],
  testMatch: [
    '<rootDir>/test/handler/sql-runner/**/*.test.ts',
    '<rootDir>/test/cli/plan/{inspect-databases,logged-kind}.test.ts',
  ],
  globalSetup: undefined, // the script makes the bundles, once for all versions
  globalTeardown: undefined,
};
