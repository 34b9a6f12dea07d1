const base = require('../../jest.config.js');

/** @type {import('jest').Config} The tests of pure decisions and of the provisioner on fakes: no server, no bundled functions. */
module.exports = {
  ...base,
  rootDir: '../..',
  testMatch: ['**/test/handler/provisioner/**/*.test.ts', '**/test/handler/sql-runner/plan/*.test.ts'],
  // They start PostgreSQL, run the bundles, or go through all pairs of changes, whose rules other tests show singly.
  testPathIgnorePatterns: [
    ...base.testPathIgnorePatterns,
    '/provisioner/(aws|lifecycle|lineage-proof|password-rotation|registration|runtime/fence)/',
    '/provisioner/(bundle|index)\\.test',
    '/(two-owners|property|response|notices)\\.test',
  ],
  globalSetup: undefined,
  globalTeardown: undefined,
  maxWorkers: 1,
};
