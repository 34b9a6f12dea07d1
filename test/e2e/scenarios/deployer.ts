import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeletePolicyCommand,
  DeleteUserCommand,
  DetachUserPolicyCommand,
} from '@aws-sdk/client-iam';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deployerPolicy } from '../../../bin/deployer-policy/policy';
import { bundledApp } from '../support/apps';
import { Beside } from '../support/beside';
import { REPOSITORY } from '../support/lab';
import { assertSame } from '../support/same';
import type { Scenario } from '../support/scenario';
import { shell } from '../support/shell';
import type { World } from '../support/world';

/** While a user of this name exists, the emulator's CloudFormation may do what this user may. */
const UserName = 'cloudformation-execution';
const STACK = 'Beside';
const VARIANT = { props: { reconcile: {} } };

export const deployer: Scenario = {
  number: '16',
  title: 'CloudFormation with the permissions of `npm run deployer-policy`, and without them',
  provokes: [/^IAM User: arn:aws:iam::\d+:user\/cloudformation-execution is not authorized/],
  async run(world) {
    const { lab, aws } = world;
    const before = await world.everything();
    const { document, otherTypes } = deployerPolicy(await templateOf(world), lab.prefix + STACK);
    assert.deepEqual(otherTypes, []);
    await aws.iam.send(new CreateUserCommand({ UserName }));
    const { AccessKey } = await aws.iam.send(new CreateAccessKeyCommand({ UserName }));
    try {
      await deployWith(world, JSON.stringify(document));
    } finally {
      // Without a key of the user, CloudFormation may do all again for the scenarios to come.
      const AccessKeyId = AccessKey!.AccessKeyId!;
      await aws.iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId }));
    }
    await aws.iam.send(new DeleteUserCommand({ UserName }));
    assertSame(await world.everything(), before, 'something is left');
  },
};

/** Deploys without any permission, then with those of the policy; updates and destroys with them. */
async function deployWith(world: World, PolicyDocument: string): Promise<void> {
  const { iam } = world.aws;
  const beside = new Beside(world, STACK);
  const refused = await beside.tryDeploy(VARIANT);
  assert.match(refused.text, /is not authorized to perform/);
  await beside.tryDestroy();

  const made = await iam.send(new CreatePolicyCommand({ PolicyName: UserName, PolicyDocument }));
  const PolicyArn = made.Policy!.Arn!;
  await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
  const [source] = await beside.deploy(VARIANT);
  assert.equal(source.options.user, 'datafold');
  await beside.deploy({ ...VARIANT, props: { reconcile: { repair: true }, roleName: 'datafold_2' } });
  await beside.destroy();
  await iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn }));
  await iam.send(new DeletePolicyCommand({ PolicyArn }));
}

async function templateOf({ lab, server }: World): Promise<Parameters<typeof deployerPolicy>[0]> {
  const out = join(lab.evidence, 'deployer.cdk.out');
  const variant = JSON.stringify({ stack: STACK, server, ...VARIANT });
  const env = { ...lab.env, CDK_OUTDIR: out, CDK_CONTEXT_JSON: JSON.stringify({ variant }) };
  const done = await shell(process.execPath, [await bundledApp('beside')], { cwd: REPOSITORY, env });
  assert.equal(done.code, 0, done.text);
  return JSON.parse(readFileSync(join(out, `${STACK}.template.json`), 'utf8')) as Parameters<
    typeof deployerPolicy
  >[0];
}
