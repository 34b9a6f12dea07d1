import { ListAccessKeysCommand, ListUsersCommand } from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
} from '@aws-sdk/client-secrets-manager';
import { DeleteParameterCommand, GetParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DatafoldServer } from '../../support/datafold/server';
import { assertRefused } from '../support/refused';
import { assertSame } from '../support/same';
import { scheduledTask } from '../support/scheduled-task';
import type { Scenario } from '../support/scenario';
import { seed } from '../support/seed';
import { untilLogged } from '../support/server-log';
import type { World } from '../support/world';

const APP = 'registered';
const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];

export const registered: Scenario = {
  number: '11',
  title:
    'lineage is proved, the data source registered (not where the proof of a sibling fails), key and password are replaced',
  provokes: [/^IAM User: \S+:user\/\S+Blind\S* is not authorized to perform: logs:FilterLogEvents /],
  async run(world) {
    const apiKey = `dfk_${randomUUID()}`;
    world.secrets.add(apiKey);
    const datafold = await new DatafoldServer(apiKey).start();
    const { secrets } = world.aws;
    const { ARN: apiKeySecret = '' } = await secrets.send(
      new CreateSecretCommand({ Name: 'datafold-api-key', SecretString: apiKey }),
    );
    const context = { datafold: JSON.stringify({ host: datafold.url, apiKeySecret }) };
    const stacks = ['Registered'];
    try {
      const server = (await world.cdk.deploy({ app: APP, stacks: ['ProvedServer'], context })).outputs;
      await seed(world, server);
      await untilLogged(world, server);
      const before = await world.everything(server);
      const withSibling = { app: APP, stacks, context: { ...context, sibling: '1' } };
      assertRefused(await world.cdk.tryDeploy(withSibling), /^Sibling\S*Proof\S*: [^]*logs:FilterLogEvents/);
      await world.cdk.tryDestroy(withSibling);
      assert.deepEqual(datafold.asked, [], 'nothing was registered that a rollback can not take back');
      assertSame(await world.everything(server), before, 'the rollback leaves something');

      const { outputs } = await world.cdk.deploy({ app: APP, stacks, context });
      assert.deepEqual(datafold.posted, [await world.dataSource(outputs.Connection)]);
      assert.deepEqual([outputs.DataSourceId, outputs.Notice ?? ''], ['41', '']);
      assert.deepEqual(datafold.violations, []);

      await passwordIsReplaced(world, outputs);
      await settingsAreForged(world, outputs);
      await keyIsReplaced(world, outputs);

      await world.cdk.destroy({ app: APP, stacks, context });
      assert.equal(datafold.sources.length, 1, 'the API of Datafold can delete nothing');
      assertSame(await world.everything(server), before, 'something is left after cdk destroy');
      await world.cdk.destroy({ app: APP, stacks: ['ProvedServer'], context });
    } finally {
      await datafold.stop();
      await secrets.send(
        new DeleteSecretCommand({ SecretId: apiKeySecret, ForceDeleteWithoutRecovery: true }),
      );
    }
  },
};

/** Secrets Manager in person: nothing in the emulator starts a rotation. */
async function passwordIsReplaced(world: World, outputs: Record<string, string>): Promise<void> {
  const { functionArn } = await scheduledTask(world.lab);
  const old = await world.dataSource(outputs.Connection);
  const ClientRequestToken = randomUUID();
  for (const Step of STEPS)
    await world.aws.invoke(functionArn, { Step, SecretId: outputs.Password, ClientRequestToken });
  await world.rememberSecrets();
  const source = await world.dataSource(outputs.Connection);
  assert.notEqual(source.options.password, old.options.password);
  // By its label: the emulator does not see without it that another version has become the current one.
  const current = new GetSecretValueCommand({ SecretId: outputs.Password, VersionStage: 'AWSCURRENT' });
  assert.equal(source.options.password, (await world.aws.secrets.send(current)).SecretString);
  await world.datafold(source, async (client) => client.query('SELECT * FROM public.customers'));
  await assert.rejects(world.datafold(old, async (client) => client.query('SELECT 1')));
}

/** Who may write parameters stops a rotation, and sets no password; a stack without the parameter can be destroyed. */
async function settingsAreForged(world: World, outputs: Record<string, string>): Promise<void> {
  const { ssm } = world.aws;
  const { functionArn } = await scheduledTask(world.lab);
  const ClientRequestToken = randomUUID();
  const step = async (Step: string) =>
    world.aws.errorOf(functionArn, { Step, SecretId: outputs.Password, ClientRequestToken });
  const Name = `/cdk-datafold-postgres/password-rotation/${outputs.Password.split(':')[6]}`;
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name }));
  const settings = JSON.parse(Parameter?.Value ?? '') as object;
  const overwrite = async (Value: string) =>
    ssm.send(new PutParameterCommand({ Name, Value, Type: 'String', Overwrite: true }));
  await overwrite(JSON.stringify({ ...settings, roleName: 'etl' }));
  assert.equal(await step('createSecret'), undefined);
  await world.rememberSecrets();
  for (const Step of STEPS.slice(1))
    assert.match((await step(Step)) ?? '', /The sql-runner was not deployed for this (set|try)-password/);
  await ssm.send(new DeleteParameterCommand({ Name }));
  assert.match(
    (await step('setSecret')) ?? '',
    /password-rotation\S+ of Systems Manager with the settings .* does not exist/,
  );
  const source = await world.dataSource(outputs.Connection);
  await world.datafold(source, async (client) => client.query('SELECT * FROM public.customers'));
}

/** The same task on several days: the key is replaced, the old one switched off, then deleted. */
async function keyIsReplaced(world: World, outputs: Record<string, string>): Promise<void> {
  const { functionArn, input } = await scheduledTask(world.lab);
  const { options: old } = await world.dataSource(outputs.Connection);
  const keys = async () => {
    const { Users = [] } = await world.aws.iam.send(new ListUsersCommand({}));
    const UserName = Users.find((user) => user.UserName?.startsWith('Registered-'))?.UserName;
    const { AccessKeyMetadata = [] } = await world.aws.iam.send(new ListAccessKeysCommand({ UserName }));
    return Object.fromEntries(AccessKeyMetadata.map((key) => [key.AccessKeyId, key.Status]));
  };
  const onDay = async (day: number) => {
    await liveLater(world, functionArn, day);
    await world.aws.invoke(functionArn, input);
    return keys();
  };
  assert.deepEqual(await onDay(0), { [old.aws_access_key_id]: 'Active' });
  const both = await onDay(91);
  await world.rememberSecrets();
  const { options: now } = await world.dataSource(outputs.Connection);
  assert.notEqual(now.aws_access_key_id, old.aws_access_key_id);
  assert.deepEqual(both, { [old.aws_access_key_id]: 'Active', [now.aws_access_key_id]: 'Active' });
  // In the emulator the new key is as young as the old one, so its overlap ends before the 91st day.
  const switchedOff = { [old.aws_access_key_id]: 'Inactive', [now.aws_access_key_id]: 'Active' };
  assert.deepEqual(await onDay(92), switchedOff);
  assert.deepEqual(await onDay(107), { [now.aws_access_key_id]: 'Active' });
}

async function liveLater({ aws }: World, FunctionName: string, days: number): Promise<void> {
  const { Environment } = await aws.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const clock = join(__dirname, '../support/later-clock.cjs');
  const Variables = {
    ...Environment?.Variables,
    NODE_OPTIONS: `--require ${clock}`,
    DAYS_LATER: String(days),
  };
  await aws.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
}
