// The tests of the constructs with the newest CDK: `npm run test:cdk-latest`.
const { join } = require('node:path');
const base = require('../../jest.config.js');
const modules = join(__dirname, 'node_modules');
process.env.JSII_DEPRECATED = 'fail'; // what the newest CDK deprecates is an error

/** @type {import('jest').Config} */
module.exports = {
  ...base,
  rootDir: join(__dirname, '../..'),
  testEnvironment: join(__dirname, 'environment.js'),
  testPathIgnorePatterns: [
    ...base.testPathIgnorePatterns.filter((pattern) => !pattern.includes('newest-cdk')),
    '/test/handler/',
    '/test/package.test.ts',
    '/test/docs.test.ts',
    '/test/cli/',
    '/test/fleet/fleet.test.ts', // a thousand servers: once will do
    '/test/policy-size.test.ts', // IAM counts the same characters
    // Those that synthesize nothing, or with the CDK of the library alone.
    '/test/bin/app.test.ts',
    '/test/(examples|first-minute|lock-files|prop-names|table-pattern).test.ts',
    '/test/fleet/merge.test.ts',
    '/test/support/',
    '/test/template/guards.test.ts',
  ],
  moduleNameMapper: {
    ...base.moduleNameMapper,
    '^@aws/cloudformation-validate$': join(__dirname, 'validate.js'),
    '^(aws-cdk-lib|constructs)($|/.*)': `${modules}/$1$2`,
  },
};
