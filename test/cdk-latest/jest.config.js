// The tests of the constructs with the newest CDK: `npm run test:cdk-latest`.
const { join } = require('node:path');
const base = require('../../jest.config.js');
const modules = join(__dirname, 'node_modules');

/** @type {import('jest').Config} */
module.exports = {
  ...base,
  rootDir: join(__dirname, '../..'),
  testPathIgnorePatterns: [
    ...base.testPathIgnorePatterns,
    '/test/handler/',
    '/test/package.test.ts',
    '/test/docs.test.ts',
    '/test/cli/',
    '/test/fleet/fleet.test.ts', // a thousand servers: once will do
    '/test/policy-size.test.ts', // IAM counts the same characters
  ],
  moduleNameMapper: {
    ...base.moduleNameMapper,
    '^(aws-cdk-lib|constructs)($|/.*)': `${modules}/$1$2`,
  },
};
