import {
  App,
  aws_ec2 as ec2,
  aws_rds as rds,
  aws_secretsmanager as secretsmanager,
  Stack,
} from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import {
  CloudWatchLogsUser,
  DatabaseAccess,
  type DatabaseAccessProps,
  LogRetention,
  PostgresServer,
  StatementLogging,
} from '../lib';
import { auroraCluster, isolatedVpc, newStack } from './support/stacks';

/** The policies that a custom resource waits for, so that it is gone before they are. */
function policiesOf(stack: Stack, type: string): Record<string, string[]> {
  const { Resources } = Template.fromStack(stack).toJSON() as {
    Resources: Record<string, { Type: string; DependsOn?: string[] }>;
  };
  const policies = (ids: string[] = []) => ids.filter((id) => Resources[id]!.Type === 'AWS::IAM::Policy');
  const found = Object.entries(Resources).filter(([, { Type }]) => Type === `Custom::Datafold${type}`);
  return Object.fromEntries(
    found.map(([id, { DependsOn }]) => [
      id,
      policies(DependsOn).filter((one) => !/^Datafold(Provisioner|SqlRunner)/.test(one)),
    ]),
  );
}

type Server = 'alpha' | 'beta';

const IMPORTED = {
  StatementLogging(stack: Stack, clusterIdentifier: Server) {
    const cluster = rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Server', { clusterIdentifier });
    new StatementLogging(stack, 'Log', { server: PostgresServer.auroraCluster(cluster) });
  },
  DatabaseAccess(stack: Stack, host: Server) {
    accessTo(stack, { host });
  },
  LogExclusions(stack: Stack, clusterIdentifier: Server) {
    const vpc = isolatedVpc(stack);
    const cluster = rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Server', { clusterIdentifier });
    const adminSecret = new secretsmanager.Secret(stack, 'Admin');
    const server = PostgresServer.auroraCluster(cluster, {
      vpc,
      securityGroups: [new ec2.SecurityGroup(stack, 'Group', { vpc })],
      adminSecret,
    });
    new StatementLogging(stack, 'Log', { server, excludedRoles: ['etl'] });
  },
};

interface Wanted extends Partial<DatabaseAccessProps> {
  readonly host?: string;
  readonly secret?: string;
  readonly vpc?: string;
}

function accessTo(stack: Stack, { host = 'alpha', secret = 'Admin', vpc = 'Vpc', ...props }: Wanted): void {
  const adminSecret = new secretsmanager.Secret(stack, secret);
  const network = { vpc: isolatedVpc(stack, vpc), securityGroups: [] };
  const server = PostgresServer.endpoint({ host, adminSecret, ...network });
  new DatabaseAccess(stack, 'Access', { server, databases: [{ databaseName: 'app' }], ...props });
}

const accessPolicies = (wanted: Wanted) => {
  const stack = newStack();
  accessTo(stack, wanted);
  return policiesOf(stack, 'DatabaseAccess');
};

/** The same custom resource, with other policies. */
function assertMoved(before: Record<string, string[]>, after: Record<string, string[]>): void {
  expect(Object.keys(after)).toEqual(Object.keys(before));
  const [previous, present] = [before, after].map((all) => Object.values(all)[0]!);
  expect(previous).toHaveLength(1);
  expect(present).toHaveLength(1);
  expect(present).not.toEqual(previous);
}

describe('the previous server is put back with the policy that it was set up with', () => {
  test.each(Object.keys(IMPORTED) as (keyof typeof IMPORTED)[])('%s', (type) => {
    const policies = (server: Server) => {
      const stack = newStack();
      IMPORTED[type](stack, server);
      return policiesOf(stack, type);
    };
    assertMoved(policies('alpha'), policies('beta'));
    expect(policies('beta')).toEqual(policies('beta'));
  });

  test('LogGroup, of a cluster of the app', () => {
    const policies = (id: string) => {
      const stack = newStack();
      const server = PostgresServer.auroraCluster(auroraCluster(stack, {}, id));
      new StatementLogging(stack, 'Log', { server, logRetention: LogRetention.atLeast(30) });
      return policiesOf(stack, 'LogGroup');
    };
    assertMoved(policies('Alpha'), policies('Beta'));
  });

  test.each([
    ['another secret of the administrator', { secret: 'Other' }],
    ['another network, so another function', { vpc: 'Other' }],
  ])('DatabaseAccess with %s', (_, wanted) => {
    assertMoved(accessPolicies({}), accessPolicies(wanted));
  });
});

test('the access key is taken along with the policy that may read the previous secret', () => {
  const policies = (secretName?: string) => {
    const stack = newStack();
    new CloudWatchLogsUser(stack, 'Reader', { secretName });
    return policiesOf(stack, 'AccessKey');
  };
  assertMoved(policies(), policies('datafold/key'));
  assertMoved(policies('datafold/key'), policies('datafold/other'));
});

test('whatever else changes, the policy stays', () => {
  const more = { databases: [{ databaseName: 'app' }, { databaseName: 'more' }], roleName: 'reader' };
  expect(accessPolicies(more)).toEqual(accessPolicies({}));
});

test('the policy is called the same whatever else is in the app', () => {
  const policiesNextTo = (others: number) => {
    const app = new App();
    for (let i = 0; i < others; i++) accessTo(new Stack(app, `Other${i}`), {});
    const stack = new Stack(app, 'Test');
    accessTo(stack, {});
    return policiesOf(stack, 'DatabaseAccess');
  };
  expect(policiesNextTo(2)).toEqual(policiesNextTo(0));
});
