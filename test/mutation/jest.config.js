const base = require('../../jest.config.js');

/** @type {import('jest').Config} The tests of pure decisions: no server, no functions. */
module.exports = {
  ...base,
  rootDir: '../..',
  roots: ['<rootDir>/test/handler'],
  testMatch: [
    ...['properties', 'statement-logging', 'registration', 'runtime'].map(
      (folder) => `**/provisioner/${folder}/*.test.ts`,
    ),
    '**/sql-runner/plan/*.test.ts',
  ],
  globalSetup: undefined,
  globalTeardown: undefined,
  maxWorkers: 1,
};
