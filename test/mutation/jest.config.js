const base = require('../../jest.config.js');

/** @type {import('jest').Config} The tests of statements, of decisions, of properties and of events: no server, no functions. */
module.exports = {
  ...base,
  rootDir: '../..',
  testMatch: [
    '**/sql-runner/plan/*.test.ts',
    '**/provisioner/properties/*.test.ts',
    '**/provisioner/{allowlist,private-link,statement-logging}/decide.test.ts',
    '**/provisioner/statement-logging/{plan,removal-plan}.test.ts',
    '**/provisioner/log-group/settings.test.ts',
    '**/provisioner/datafold/differences.test.ts',
    '**/provisioner/physical-ids.test.ts',
    '**/provisioner/runtime/{event,fields}.test.ts',
  ],
  globalSetup: undefined,
  globalTeardown: undefined,
  maxWorkers: 1,
};
