const base = require('../../../jest.config.js');

/** @type {import('jest').Config} The tests of what is decided for the statement logging of a server, on a fake of RDS. */
module.exports = {
  ...base,
  rootDir: '../../..',
  testMatch: ['life', 'refusals', 'removal', 'own-group', 'reboot'].map(
    (name) => `**/provisioner/statement-logging/${name}.test.ts`,
  ),
  globalSetup: undefined,
  globalTeardown: undefined,
  maxWorkers: 1,
};
