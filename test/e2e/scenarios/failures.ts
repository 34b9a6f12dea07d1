import assert from 'node:assert/strict';
import { DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import {
  AddUserToGroupCommand,
  AttachUserPolicyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  DetachUserPolicyCommand,
  ListAccessKeysCommand,
  ListAttachedUserPoliciesCommand,
  ListGroupsForUserCommand,
  RemoveUserFromGroupCommand,
} from '@aws-sdk/client-iam';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import type { Variant } from '../apps/parts/variant';
import { Beside } from '../support/beside';
import { superuser } from '../support/database';
import { assertRefused } from '../support/refused';
import { assertSame } from '../support/same';
import type { Scenario } from '../support/scenario';
import { cancelled, stoppedAndDenied, stoppedServer, stoppedThroughout } from './interruption';
import type { World } from '../support/world';

const wrongPassword: Scenario = {
  number: '4.1',
  title: "the administrator's password is wrong",
  async run(world) {
    const right = await world.aws.secret(world.server.AdminSecret);
    const login = { ...(JSON.parse(right) as object), password: 'not-the-password-of-anybody' };
    const SecretString = JSON.stringify(login);
    const made = await world.aws.secrets.send(new CreateSecretCommand({ Name: 'wrong-login', SecretString }));
    const SecretId = made.ARN!;
    const beside = new Beside(world, 'Beside', { ...world.server, AdminSecret: SecretId });
    await failsThenDeploys(world, beside, { hurry: true }, /28P01/, async () => {
      await world.aws.secrets.send(new PutSecretValueCommand({ SecretId, SecretString: right }));
    });
    await world.aws.secrets.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }));
  },
};

const unreachable: Scenario = {
  number: '4.2',
  title: 'the security group of the server lets nobody in',
  async run(world) {
    await failsThenDeploys(world, new Beside(world), { hurry: true, isolate: true }, /ETIMEDOUT/);
  },
};

const missingSchema: Scenario = {
  number: '4.3',
  title: 'a schema does not exist',
  async run(world) {
    const props = { databases: [{ databaseName: 'app', schemas: ['public', 'sails'] }] };
    await failsThenDeploys(world, new Beside(world), { props }, /sails/);
  },
};

const deniedAction: Scenario = {
  number: '4.4',
  title: 'a permission is taken away',
  provokes: [/^IAM .* not authorized to perform: iam:CreateAccessKey /],
  async run(world) {
    const variant = { hurry: true, deny: 'iam:CreateAccessKey' };
    await failsThenDeploys(world, new Beside(world), variant, /iam:CreateAccessKey/);
  },
};

const foreignTable: Scenario = {
  number: '4.5',
  title: 'a table can be granted by nobody that the administrator may become',
  async run(world) {
    const forgetTable = await makeForeignTable(world);
    await failsThenDeploys(world, new Beside(world), {}, /sales\.foreign_table|GRANT SELECT/, forgetTable);
  },
};

const failedUpdate: Scenario = {
  number: '4.7',
  title: 'a failed update brings the former grants back',
  account: 'shared server',
  async run(world) {
    const beside = new Beside(world);
    const props = { databases: [{ databaseName: 'app', schemas: ['public'] }] };
    await beside.deploy({ props });
    const before = await world.everything();
    const wanted = {
      tempSchema: 'scratch',
      databases: [{ databaseName: 'app', schemas: ['sales'] }, { databaseName: 'nowhere' }],
    };
    assertRefused(await beside.tryDeploy({ props: wanted }), /nowhere/);
    assertSame(await world.everything(), before, 'everything is as before the failed update');
    await beside.deploy({ props: { databases: [{ databaseName: 'app', schemas: ['sales'] }] } });
    await beside.destroy();
  },
};

const failedCheckInRollback: Scenario = {
  number: '4.8',
  title: 'what a check finds while a failed update is rolled back does not stop that',
  async run(world) {
    const beside = new Beside(world);
    const sales = { databaseName: 'app', schemas: ['sales'] };
    await beside.deploy({ props: { databases: [sales] } });
    const forgetTable = await makeForeignTable(world);
    const before = await world.everything();
    assertRefused(
      await beside.tryDeploy({ props: { databases: [sales, { databaseName: 'nowhere' }] } }),
      /nowhere/,
    );
    assertSame(await world.everything(), before, 'everything is as before the failed update');
    await forgetTable();
    await beside.deploy({ props: { databases: [{ databaseName: 'app' }] } });
    await beside.destroy();
  },
};

const deletedByHand: Scenario = {
  number: '4.10',
  title:
    'a user and a secret are deleted by hand: the update fails, is rolled back, and after a restore all is well; a user made again without its policy gets no key',
  async run(world) {
    const before = await world.everything();
    const { iam, secrets } = world.aws;
    const beside = new Beside(world);
    await beside.deploy({ hurry: true });
    const UserName = await physicalId(world, 'AWS::IAM::User', '');
    const PolicyArn = await physicalId(world, 'AWS::IAM::ManagedPolicy', 'UserPolicy');
    const makeUserAgain = await deleteUser(world, UserName);
    assertRefused(
      await beside.tryDeploy({ hurry: true, props: { functions: { revision: '2' } } }),
      /aws iam create-user --user-name/,
    );
    await makeUserAgain();
    const keysOf = async () => (await iam.send(new ListAccessKeysCommand({ UserName }))).AccessKeyMetadata;
    const notAttached = `The managed policy ${PolicyArn} is not attached to IAM user ${UserName}, whose access key it limits: it was detached, or the user was deleted and created again. Without the policy, a key of the user reads every log that the group of the user may read. Attach the policy (aws iam attach-user-policy --user-name ${UserName} --policy-arn ${PolicyArn}), then deploy again with another \`revision\`.`;
    const withoutPolicy = await beside.tryDeploy({ hurry: true, props: { functions: { revision: '3' } } });
    assertRefused(withoutPolicy, exactly(notAttached));
    assert.deepEqual(await keysOf(), [], 'no key is made for a user without its policy');
    await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
    const SecretId = await physicalId(world, 'AWS::SecretsManager::Secret', 'Password');
    await secrets.send(new DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 7 }));
    assertRefused(
      await beside.tryDeploy({ hurry: true, props: { functions: { revision: '4' } } }),
      /aws secretsmanager restore-secret/,
    );
    await secrets.send(new RestoreSecretCommand({ SecretId }));
    const [source] = await beside.deploy({ hurry: true, props: { functions: { revision: '5' } } });
    await world.datafold(source, async (client) => client.query('SELECT * FROM public.customers'));
    await beside.destroy();
    assertSame(await world.everything(), before, 'something is left after cdk destroy');
  },
};

export const failing: readonly Scenario[] = [
  wrongPassword,
  unreachable,
  missingSchema,
  deniedAction,
  foreignTable,
  stoppedServer,
  stoppedThroughout,
  stoppedAndDenied,
  cancelled,
  failedUpdate,
  failedCheckInRollback,
  deletedByHand,
];

/** A table that the administrator can grant to nobody, as RDS would own it; returns what drops it. */
async function makeForeignTable({ lab, server }: World): Promise<() => Promise<unknown>> {
  const port = await lab.portOf(server.Host);
  const asRds = async (sql: string) => superuser(lab, port, 'app', async (client) => client.query(sql));
  await asRds('CREATE TABLE sales.foreign_table (a int); ALTER TABLE sales.foreign_table OWNER TO rdsadmin');
  return async () => asRds('DROP TABLE sales.foreign_table');
}

/** The deployment is refused with the reason and leaves nothing; without the cause it succeeds, after a mere new try. */
async function failsThenDeploys(
  world: World,
  beside: Beside,
  variant: Partial<Variant>,
  reason: RegExp,
  mend?: () => Promise<unknown>,
): Promise<void> {
  const before = await world.everything();
  assertRefused(await beside.tryDeploy(variant), reason);
  await beside.tryDestroy(); // CloudFormation keeps the name of a stack that was rolled back; the CLI deletes it anyway
  assertSame(await world.everything(), before, 'the rollback leaves something');
  await mend?.();
  const [source] = await beside.deploy(mend ? variant : {});
  await world.datafold(source, async (client) => client.query('SELECT * FROM public.customers'));
  await beside.destroy();
}

async function physicalId({ aws }: World, type: string, part: string): Promise<string> {
  const { StackResources = [] } = await aws.cloudformation.send(
    new DescribeStackResourcesCommand({ StackName: 'Beside' }),
  );
  const found = StackResources.find(
    ({ ResourceType, LogicalResourceId = '' }) => ResourceType === type && LogicalResourceId.includes(part),
  );
  if (!found?.PhysicalResourceId) throw new Error(`The stack has no ${type} with ${part} in its logical id`);
  return found.PhysicalResourceId;
}

/** The reason in an event, whatever CloudFormation puts around it. */
function exactly(text: string): RegExp {
  return new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
}

/** As the console does it; returns what makes it again, without a key and without its policy. */
async function deleteUser({ aws: { iam } }: World, UserName: string): Promise<() => Promise<void>> {
  const { AccessKeyMetadata = [] } = await iam.send(new ListAccessKeysCommand({ UserName }));
  for (const { AccessKeyId } of AccessKeyMetadata)
    await iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId }));
  const { Groups = [] } = await iam.send(new ListGroupsForUserCommand({ UserName }));
  for (const { GroupName } of Groups) await iam.send(new RemoveUserFromGroupCommand({ UserName, GroupName }));
  const { AttachedPolicies = [] } = await iam.send(new ListAttachedUserPoliciesCommand({ UserName }));
  for (const { PolicyArn } of AttachedPolicies)
    await iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn }));
  await iam.send(new DeleteUserCommand({ UserName }));
  return async () => {
    await iam.send(new CreateUserCommand({ UserName }));
    for (const { GroupName } of Groups) await iam.send(new AddUserToGroupCommand({ UserName, GroupName }));
  };
}
