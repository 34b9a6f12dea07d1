const base = require('../../jest.config.js');

/** @type {import('jest').Config} The tests of statements, of properties and of events: no server, no functions. */
module.exports = {
  ...base,
  rootDir: '../..',
  testMatch: [
    '**/sql-runner/plan/*.test.ts',
    '**/provisioner/properties/*.test.ts',
    '**/provisioner/{allowlist,private-link}/decide.test.ts',
    '**/provisioner/physical-ids.test.ts',
    '**/provisioner/runtime/{event,fields}.test.ts',
  ],
  globalSetup: undefined,
  globalTeardown: undefined,
  maxWorkers: 1,
};
