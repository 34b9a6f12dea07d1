const base = require('../../jest.config.js');

/** @type {import('jest').Config} The tests of the sql-runner that depend on the server's version. */
module.exports = {
  ...base,
  rootDir: '../..',
  roots: ['<rootDir>/test/handler/sql-runner'],
  globalSetup: undefined, // the script makes the bundles, once for all versions
  globalTeardown: undefined,
};
