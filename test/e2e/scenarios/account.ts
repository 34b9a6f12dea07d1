import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Account, TAG } from '../support/account';
import { Aws } from '../support/aws';
import { Beside } from '../support/beside';
import { cleanUp } from '../support/clean-up';
import { assertAccount, inAccount } from '../support/in-account';
import { ACCOUNT, TESTING } from '../support/lab';
import type { Scenario } from '../support/scenario';
import { tour } from '../support/tour';
import { World } from '../support/world';

const reached = new Set<string>();

/** Deploys, then fails before anything is destroyed. */
const breaking: Scenario = {
  number: 'breaking',
  title: 'fails on purpose',
  account: 'shared server',
  async run(world) {
    const [source] = await new Beside(world).deploy();
    assert.equal(source.options.user, 'datafold');
    assert.match(source.options.host, /^e2e-shared-a-server-/, 'names begin with the prefix');
    const { prefix, region } = world.cloud;
    const secret = {
      Name: 'by-hand',
      SecretString: 'left-behind-by-hand',
      Tags: [{ Key: TAG, Value: 'shared-a' }],
    };
    await new Aws(world.cloud, region).secrets.send(new CreateSecretCommand(secret));
    assert.equal(prefix, 'e2e-shared-a-');
    reached.add(prefix);
    throw new Error('on purpose');
  },
};

export const inAnAccount: Scenario = {
  number: '12',
  title: 'what the suite does in an account of AWS: names and tags of its own, nothing left after a failure',
  async run(outer) {
    const { lab } = outer;
    const options = {
      region: lab.region,
      run: 'shared',
      dir: join(lab.evidence, 'account'),
      cidr: '203.0.113.7/32',
      ca: '',
      emulated: {
        endpoint: lab.url,
        key: TESTING,
        env: lab.env,
        reach: async (host: string) => lab.reach(host),
      },
    };
    await assert.rejects(
      assertAccount('999999999999', options),
      /^Error: E2E_AWS_ACCOUNT is 999999999999, but the credentials are those of account 123456789012\. Nothing was deployed\.$/,
    );
    await assertAccount(ACCOUNT, options);
    const [lane] = inAccount([breaking], options);
    const report = await tour({ ...lane!, say: () => undefined });
    assert.deepEqual([...reached], ['e2e-shared-a-'], 'it came to its end');
    assert.deepEqual(
      [report.passed, report.failed],
      [0, 1],
      'the scenario fails, leaving its world does not',
    );
    for (const inner of report.worlds) inner.secrets.forEach((secret) => outer.secrets.add(secret));

    // What is not of this run stays.
    const account = new Account({ ...options, lane: '' });
    assert.deepEqual(await cleanUp(account), []);
    assert.ok(await new World(lab).everything(outer.server));
  },
};
