const base = require('../../jest.config.js');

/** @type {import('jest').Config} The tests of the decisions in stryker.config.json: no PostgreSQL, no bundled functions. */
module.exports = {
  ...base,
  rootDir: '../..',
  testMatch: [
    ...['properties', 'statement-logging', 'log-group', 'runtime'].map(
      (folder) => `**/provisioner/${folder}/*.test.ts`,
    ),
    '**/provisioner/{allowlist,private-link}/decide.test.ts',
    '**/provisioner/registration/life.test.ts',
    '**/provisioner/physical-ids.test.ts',
    '**/sql-runner/plan/*.test.ts',
  ],
  // All pairs of changes, or waits: other tests show their rules faster.
  testPathIgnorePatterns: [...base.testPathIgnorePatterns, '/(two-owners|property|response|notices)\\.test'],
  globalSetup: undefined,
  globalTeardown: undefined,
  maxWorkers: 1,
};
