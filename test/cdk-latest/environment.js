// Jest's environment for Node, whose files share the rules by which the newest CDK validates every template: their engine
// takes two seconds to make, once for each file and set of resource types if it were not for this.
const { dirname } = require('node:path');
const { TestEnvironment } = require('jest-environment-node');

module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup();
    Object.defineProperty(this.global, 'cloudFormationValidate', { get: sharing });
  }
};

/** By their rules. */
const engines = new Map();

function sharing() {
  const cdk = dirname(require.resolve('./node_modules/aws-cdk-lib/package.json'));
  const real = require(require.resolve('@aws/cloudformation-validate', { paths: [cdk] }));
  return {
    ...real,
    CompositeEngine: class {
      constructor(config) {
        const rules = JSON.stringify(config);
        if (!engines.has(rules)) engines.set(rules, new real.CompositeEngine(JSON.parse(rules)));
        this.engine = engines.get(rules);
      }

      /** The options again as objects of this side: it refuses those of a test. */
      validateTemplate(template, options) {
        return this.engine.validateTemplate(template, JSON.parse(JSON.stringify(options)));
      }

      free() {}
    },
  };
}
