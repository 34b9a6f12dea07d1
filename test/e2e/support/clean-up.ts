import {
  DeleteStackCommand,
  paginateDescribeStacks,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';
import { DeleteLogGroupCommand, paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';
import {
  DeleteDBClusterParameterGroupCommand,
  DeleteDBParameterGroupCommand,
  paginateDescribeDBClusterParameterGroups,
  paginateDescribeDBParameterGroups,
} from '@aws-sdk/client-rds';
import { DeleteSecretCommand, paginateListSecrets } from '@aws-sdk/client-secrets-manager';
import { Aws } from './aws';
import type { Cloud } from './cloud';
import { inventory } from './inventory';

/** A stack that another one imports from goes after it: so many rounds at most. */
const ROUNDS = 4;

/**
 * Deletes what a run has made in an account: its stacks, then what a stack leaves on purpose (logs of databases) or by a fault.
 * Returns what is there after all.
 */
export async function cleanUp(cloud: Cloud, seconds = 45 * 60): Promise<string[]> {
  const aws = new Aws(cloud, cloud.region);
  for (let round = 0; round < ROUNDS; round++) {
    const names = await stacks(aws);
    if (names.length === 0) break;
    await Promise.all(names.map(async (name) => deleteStack(aws, name, seconds)));
  }
  await sweep(aws);
  const left = (await stacks(aws)).map((name) => `stack ${name}`);
  return [...left, ...(await inventory(aws))];
}

async function stacks({ cloud, cloudformation: client }: Aws): Promise<string[]> {
  const names: string[] = [];
  for await (const { Stacks = [] } of paginateDescribeStacks({ client }, {}))
    names.push(...Stacks.map(({ StackName = '' }) => StackName));
  return names.filter((name) => name.startsWith(cloud.prefix));
}

/** One that can't go yet is tried again in the next round. */
async function deleteStack({ cloudformation: client }: Aws, StackName: string, maxWaitTime: number) {
  try {
    await client.send(new DeleteStackCommand({ StackName }));
    await waitUntilStackDeleteComplete({ client, maxWaitTime, minDelay: 2, maxDelay: 15 }, { StackName });
  } catch (error) {
    console.log(`${StackName} is not deleted: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function sweep({ cloud, logs, secrets, rds }: Aws): Promise<void> {
  const attempt = async (what: string, deletion: Promise<unknown>) => {
    await deletion.then(
      () => console.log(`${what} was left behind and is deleted`),
      (error: Error) => console.log(`${what} is not deleted: ${error.message}`),
    );
  };
  for await (const { SecretList = [] } of paginateListSecrets(
    { client: secrets },
    { IncludePlannedDeletion: true, MaxResults: 100 },
  ))
    for (const { ARN: SecretId, Name = '', Tags } of SecretList)
      if (cloud.isOurs(Name, Tags))
        await attempt(
          `secret ${Name}`,
          secrets.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true })),
        );
  for await (const { logGroups = [] } of paginateDescribeLogGroups({ client: logs }, {}))
    for (const { logGroupName = '' } of logGroups)
      if (cloud.isOurs(logGroupName))
        await attempt(`log group ${logGroupName}`, logs.send(new DeleteLogGroupCommand({ logGroupName })));
  for await (const { DBClusterParameterGroups = [] } of paginateDescribeDBClusterParameterGroups(
    { client: rds },
    {},
  ))
    for (const { DBClusterParameterGroupName: name = '' } of DBClusterParameterGroups)
      if (cloud.isOurs(name))
        await attempt(
          `parameter group ${name}`,
          rds.send(new DeleteDBClusterParameterGroupCommand({ DBClusterParameterGroupName: name })),
        );
  for await (const { DBParameterGroups = [] } of paginateDescribeDBParameterGroups({ client: rds }, {}))
    for (const { DBParameterGroupName: name = '' } of DBParameterGroups)
      if (cloud.isOurs(name))
        await attempt(
          `parameter group ${name}`,
          rds.send(new DeleteDBParameterGroupCommand({ DBParameterGroupName: name })),
        );
}
