import {
  aws_ec2 as ec2,
  aws_rds as rds,
  aws_secretsmanager as secretsmanager,
  type Stack,
} from 'aws-cdk-lib';
import { CloudWatchLogsReader, DatafoldPostgres, PostgresServer } from '../lib';
import { isolatedVpc, newStack } from './support/stacks';

/** A stack for servers that exist, which take the most rights. */
function stackFor(servers: number): Stack {
  const stack = newStack();
  const vpc = isolatedVpc(stack);
  const group = new ec2.SecurityGroup(stack, 'Group', { vpc });
  const logsReader = new CloudWatchLogsReader(stack, 'Reader');
  for (let i = 0; i < servers; i++) {
    const clusterIdentifier = `orders-${i}`;
    const cluster = rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, `Cluster${i}`, {
      clusterIdentifier,
    });
    const adminSecret = new secretsmanager.Secret(stack, `Admin${i}`);
    const server = PostgresServer.auroraCluster(cluster, { vpc, securityGroups: [group], adminSecret });
    new DatafoldPostgres(stack, `Datafold${i}`, { server, logsReader, databases: [{ databaseName: 'app' }] });
  }
  return stack;
}

const synth = (stack: Stack) =>
  (stack.node.root as ReturnType<typeof newStack>['node']['root'] & { synth(): void }).synth();

test('a few servers fit into one stack', () => {
  expect(() => synth(stackFor(2))).not.toThrow();
});

test('more rights than IAM takes for one role are an error at synth, not in mid-deployment', () => {
  expect(() => synth(stackFor(6))).toThrow(
    /\[Test\/DatafoldProvisioner\] The policies of the provisioner's role have at least 1\d,\d{3} characters, IAM takes 10,240: set up some of the servers or databases in another stack/,
  );
});
